// GraphQL over server-sent events, distinct connections
// (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): the real client, and each line.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createClient } from 'graphql-sse';
import { abortEventStreams, openEventStream } from './event-stream.mjs';
import {
  asEditor, assertErrors, assertRequestError, cursorNow, graphqlUrl, http, openStreams, publish, SUBSCRIBE, until, within,
} from './support.mjs';

const clients = [];
const client = (options) => {
  clients.push(createClient({ url: graphqlUrl, retryAttempts: 0, ...options }));
  return clients.at(-1);
};
afterEach(() => {
  clients.splice(0).forEach((made) => made.dispose());
  abortEventStreams();
});

const collect = async (results) => {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
};

test('client: a subscription gives what is published, one after the other', async () => {
  const after = await cursorNow();
  const results = client({ headers: asEditor }).iterate({ query: SUBSCRIBE, variables: { after } });
  for (let n = 0; n < 3; n += 1) {
    const published = await publish();
    const { value } = await within(5_000, 'the event', results.next());
    assert.deepEqual(value.data?.solutionPublished.solution, published, JSON.stringify(value));
  }
  await results.return();
});

test('client: a query gives one result and completes', async () => {
  const results = await within(5_000, 'completion', collect(client().iterate({ query: '{ __typename }' })));
  assert.deepEqual(results, [{ data: { __typename: 'Query' } }]);
});

test('client: a validation error is a result, then the stream completes', async () => {
  const results = await within(5_000, 'completion', collect(client().iterate({ query: '{ nonsense }' })));
  assert.equal(results.length, 1);
  assertRequestError(results[0], 'GRAPHQL_VALIDATION_FAILED');
});

test('a query, line by line: a next event, and a complete event with a data line', async () => {
  const stream = await openEventStream({ query: '{ __typename }' });
  assert.match(stream.headers.get('content-type'), /^text\/event-stream(;|$)/);
  assert.match(stream.headers.get('cache-control') ?? '', /no-(cache|store)/);
  const events = (await within(5_000, 'the end', stream.all())).filter((block) => block.event || block.data);
  assert.deepEqual(events.map((block) => block.event), ['next', 'complete']);
  assert.deepEqual(events[0].payload, { data: { __typename: 'Query' } });
  assert.equal(events[1].data, '', 'without a data line a browser drops the event');
});

for (const [name, query, code] of [
  ['a validation error', 'subscription { nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
  ['two root fields', 'subscription { solutionPublished { cursor } activity { cursor } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ['a cursor that is none', 'subscription { solutionPublished(after: "nonsense") { cursor } }', 'BAD_USER_INPUT'],
]) {
  test(`${name}: 200, a next event with errors, then complete`, async () => {
    const stream = await openEventStream({ query });
    const events = (await within(5_000, 'the end', stream.all())).filter((block) => block.event || block.data);
    assert.deepEqual(events.map((block) => block.event), ['next', 'complete']);
    assertErrors(events[0].payload.errors, code);
  });
}

test('each event of a subscription has its name and its cursor as id, by GET as by POST', async () => {
  const after = await cursorNow();
  for (const method of ['GET', 'POST']) {
    const stream = await openEventStream({ query: SUBSCRIBE, variables: { after }, method });
    await publish();
    const block = await stream.find('an event', ({ payload }) => payload);
    assert.equal(block.event, 'next');
    assert.equal(block.id, block.payload.data.solutionPublished.cursor);
    stream.abort();
  }
});

test('Last-Event-ID resumes, and goes before an older `after`', async () => {
  const first = await cursorNow();
  const missed = [await publish(), await publish()];
  const all = await openEventStream({ query: SUBSCRIBE, headers: { 'last-event-id': first } });
  for (const { id } of missed) {
    const block = await all.find('a missed event', ({ payload }) => payload);
    assert.equal(block.payload.data.solutionPublished.solution.id, id);
    all.last = block.id;
  }
  all.abort();
  // A browser repeats the address, `after` included, and adds what it heard last.
  const headers = { 'last-event-id': all.last };
  const resumed = await openEventStream({ query: SUBSCRIBE, variables: { after: first }, method: 'GET', headers });
  const { id } = await publish();
  const block = await resumed.find('the new event', ({ payload }) => payload);
  assert.equal(block.payload.data.solutionPublished.solution.id, id);
  resumed.abort();
});

test('a bad token is refused before the stream begins', async () => {
  const answer = await http('/graphql', {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: 'Bearer alm_no' },
    body: JSON.stringify({ query: SUBSCRIBE }),
  });
  assert.equal(answer.status, 401, answer.text);
  assertRequestError(answer.body, 'UNAUTHENTICATED');
});

const noStreams = (milliseconds = 5_000) =>
  until('no stream left over', async () => (await openStreams()) === 0, { milliseconds });

test('aborted streams are freed within a second', async () => {
  await noStreams();
  const streams = await Promise.all(Array.from({ length: 5 }, () => openEventStream({ query: SUBSCRIBE })));
  await until('five streams', async () => (await openStreams()) === 5);
  streams.forEach((stream) => stream.abort());
  await noStreams(1_000);
});

test('a client that stops iterating frees its stream within a second', async () => {
  await noStreams();
  const results = client().iterate({ query: SUBSCRIBE });
  const first = results.next();
  await until('one stream', async () => (await openStreams()) === 1);
  await publish();
  await within(5_000, 'the event', first);
  await results.return();
  await noStreams(1_000);
});

test('a quiet stream has a comment as heartbeat within 20 seconds', { timeout: 30_000 }, async () => {
  const stream = await openEventStream({ query: SUBSCRIBE });
  const block = await stream.find('a heartbeat', ({ comments }) => comments.length > 0, 20_000);
  assert.equal(block.event, undefined, 'a heartbeat is no event');
  assert.equal(block.data, undefined);
  stream.abort();
});
