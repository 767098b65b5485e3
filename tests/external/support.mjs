// What all checks share: where the hub is, how to ask it, how to publish, how to wait.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { randomInt } from 'node:crypto';
import { openEventStream } from './event-stream.mjs';
import { graphqlUrl, hubUrl, token } from './environment.mjs';

export { graphqlUrl, hubUrl, token, webSocketUrl } from './environment.mjs';

/** The headers of an editor of Geestland. */
export const asEditor = { authorization: `Bearer ${token}` };

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';

/** One HTTP request; never throws on a status. `body` is the parsed JSON, or undefined if it is none. */
export async function http(path, options = {}) {
  const response = await fetch(new URL(path, hubUrl), { signal: AbortSignal.timeout(20_000), ...options });
  const text = await response.text();
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0].trim();
  const body = /json$/.test(mediaType) ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, mediaType, text, body };
}

/** A GraphQL POST as a well-behaved client sends it. */
export function post(params, { accept = RESPONSE_TYPE, headers = {} } = {}) {
  return http('/graphql', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, accept, ...headers },
    body: typeof params === 'string' ? params : JSON.stringify(params),
  });
}

/** Runs a document as the editor and returns `data`; anything else is a failed check. */
export async function execute(query, variables = {}) {
  const { status, body, text } = await post({ query, variables }, { headers: asEditor });
  assert.equal(status, 200, text);
  assert.equal(body.errors, undefined, text);
  return body.data;
}

/** The form every GraphQL error of the hub has: one line of text and a stable code. */
export function assertErrors(errors, code) {
  assert.ok(Array.isArray(errors) && errors.length > 0, `no errors in ${JSON.stringify(errors)}`);
  for (const error of errors) {
    assert.match(error.message, /^\S[^\r\n]*$/, 'an error message is one line of text');
    assert.match(error.extensions?.code ?? '', /^[A-Z][A-Z_]+$/, `no code in ${JSON.stringify(error)}`);
  }
  if (code) assert.equal(errors[0].extensions.code, code, JSON.stringify(errors));
}

/** A request error: errors with codes, and no `data` entry at all. */
export function assertRequestError(body, code) {
  assert.ok(body, 'the answer is JSON');
  assertErrors(body.errors, code);
  assert.equal(Object.hasOwn(body, 'data'), false, 'a request error has no `data` entry');
}

/** Awaits a promise, but not for ever. */
export async function within(milliseconds, what, promise) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks `probe` again and again until it answers something truthy, but not for ever. */
export async function until(what, probe, { milliseconds = 5_000, every = 20 } = {}) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await delay(every);
  }
}

/** A word that no seed contains and no language knows. */
export function inventedWord() {
  const pick = (letters) => letters[randomInt(letters.length)];
  return Array.from({ length: 5 }, () => pick('bdfgklmprtvz') + pick('aiou')).join('');
}

/** Geestland, where the token's editor may write: its id and one of its contacts. */
let geestlandAnswer;
export function geestland() {
  geestlandAnswer ??= execute(
    `{ municipality(by: { slug: "geestland" }) { id contacts(first: 1) { edges { node { id } } } } }`,
  ).then(({ municipality }) => {
    assert.ok(municipality, 'the demo content has Geestland');
    const contact = municipality.contacts.edges[0]?.node.id;
    assert.ok(contact, 'Geestland has a contact');
    return { id: municipality.id, contact };
  });
  return geestlandAnswer;
}

/** What `createSolution` takes for a solution that may be published. */
export async function solutionInput({ title = `Prüfung ${inventedWord()}`, topics = ['Topic:mobility'] } = {}) {
  const { id, contact } = await geestland();
  return {
    title,
    teaser: 'Eine Lösung, die nur für eine Prüfung von außen entsteht.',
    municipalities: [id],
    topics,
    problem: 'Wer von außen prüft, braucht etwas, das gerade erst veröffentlicht wurde.',
    approach: 'Die Prüfung legt eine Lösung an, veröffentlicht sie und schaut, wer davon erfährt.',
    status: 'RUNNING',
    contacts: [contact],
  };
}

export const CREATE = /* GraphQL */ `
  mutation Create($input: CreateSolutionInput!) {
    createSolution(input: $input) { solution { id title } userErrors { code message path } }
  }`;

export const PUBLISH = /* GraphQL */ `
  mutation Publish($input: PublishSolutionInput!) {
    publishSolution(input: $input) { solution { id title } userErrors { code message path } }
  }`;

/** Creates a solution that is ready to be published. */
export async function create(wish) {
  const { createSolution } = await execute(CREATE, { input: await solutionInput(wish) });
  assert.deepEqual(createSolution.userErrors, []);
  return createSolution.solution;
}

/** Creates and publishes a solution; returns its `{ id, title }`. */
export async function publish(wish) {
  const { id } = await create(wish);
  const { publishSolution } = await execute(PUBLISH, { input: { id } });
  assert.deepEqual(publishSolution.userErrors, []);
  return publishSolution.solution;
}

export const SUBSCRIBE = /* GraphQL */ `
  subscription Published($filter: SolutionFilter, $search: String, $after: String) {
    solutionPublished(filter: $filter, search: $search, after: $after) {
      cursor
      occurredAt
      solution { id title }
    }
  }`;

/** The newest cursor: whoever subscribes `after:` it misses nothing of what is published next. */
export async function cursorNow() {
  const stream = await openEventStream({ query: SUBSCRIBE });
  try {
    // A stream may begin a moment after its headers came, so the first publication may pass it by.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { id } = await publish();
      const event = await stream.tryFind(({ payload }) => payload?.data?.solutionPublished.solution.id === id, 500);
      if (event) return event.payload.data.solutionPublished.cursor;
    }
    throw new Error('a subscriber heard none of 20 publications');
  } finally {
    stream.abort();
  }
}

/** The number of streams that the hub holds open. */
export async function openStreams() {
  const { status, body, text } = await http('/healthz');
  assert.equal(status, 200, text);
  assert.equal(typeof body?.streams, 'number', `/healthz tells no number of streams: ${text}`);
  return body.streams;
}
