// From the mutation to everyone who waits for it: search, WebSocket, server-sent events, replay.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Proxy } from './proxy.mjs';
import {
  create, cursorNow, execute, geestland, graphqlUrl, inventedWord, PUBLISH, publish, SUBSCRIBE, until, webSocketUrl, within,
} from './support.mjs';

const opened = [];
afterEach(async () => {
  for (const client of opened.splice(0)) await client.dispose();
});
const keep = (client) => opened.push(client) && client;

/** One subscriber for each transport: `iterate` of the real clients. */
const TRANSPORTS = {
  'graphql-ws': (address = webSocketUrl) =>
    keep(createSocketClient({ url: address, webSocketImpl: WebSocket, retryAttempts: 0 })),
  'graphql-sse': (address = graphqlUrl) => keep(createEventClient({ url: address, retryAttempts: 0 })),
};
const subscribe = (transport, variables, query = SUBSCRIBE) => TRANSPORTS[transport]().iterate({ query, variables });

/** The next event of a subscription with one root field. */
async function next(results) {
  const { value, done } = await within(10_000, 'an event', results.next());
  assert.ok(!done, 'the stream ended');
  assert.equal(value.errors, undefined, JSON.stringify(value.errors));
  return Object.values(value.data)[0];
}

/** All events up to the one about this solution. */
async function collectUntil(results, lastId) {
  const events = [];
  do events.push(await next(results)); while (events.at(-1).solution.id !== lastId);
  return events;
}

const idsOf = (events) => events.map(({ solution }) => solution.id);

test('a published solution is findable within 200 ms', { timeout: 60_000 }, async () => {
  const FIND = 'query Find($word: String!) { solutions(search: $word, first: 5) { edges { node { id } } } }';
  for (let round = 0; round < 10; round += 1) {
    const word = inventedWord();
    const { id } = await create({ title: `Haltestelle ${word}` });
    const find = async () => (await execute(FIND, { word })).solutions.edges.map(({ node }) => node.id);
    assert.deepEqual(await find(), [], 'a draft is not findable');
    const { publishSolution } = await execute(PUBLISH, { input: { id } });
    const answered = performance.now();
    assert.deepEqual(publishSolution.userErrors, []);
    const asked = await until('the solution is found', async () => {
      const now = performance.now();
      return (await find()).includes(id) && now;
    }, { every: 5 });
    assert.ok(asked - answered <= 200, `found only ${Math.round(asked - answered)} ms after the answer`);
  }
});

for (const transport of Object.keys(TRANSPORTS)) {
  test(`${transport}: a filter lets through what fits and nothing else`, async () => {
    const after = await cursorNow();
    const word = inventedWord();
    const mobility = subscribe(transport, { after, filter: { topics: ['Topic:mobility'] } });
    const health = subscribe(transport, { after, filter: { topics: ['Topic:health_care'] } });
    const worded = subscribe(transport, { after, search: word });
    const first = await publish({ topics: ['Topic:mobility'] });
    const second = await publish({ topics: ['Topic:health_care'], title: `Sprechstunde ${word}` });
    const third = await publish({ topics: ['Topic:mobility', 'Topic:health_care'], title: `Fahrdienst ${word}` });
    assert.deepEqual(idsOf(await collectUntil(mobility, third.id)), [first.id, third.id]);
    assert.deepEqual(idsOf(await collectUntil(health, third.id)), [second.id, third.id]);
    assert.deepEqual(idsOf(await collectUntil(worded, third.id)), [second.id, third.id]);
  });

  test(`${transport}: without \`after\` only what is new is heard`, async () => {
    const old = (await publish()).id;
    const results = subscribe(transport, {});
    let heard;
    const first = next(results).then((event) => { heard = event.solution.id; });
    const published = [];
    await until('the first event', async () => {
      published.push((await publish()).id);
      return heard;
    });
    await first;
    assert.ok(published.includes(heard) && heard !== old);
  });

  test(`${transport}: activity tells of the same publication`, async () => {
    const after = await cursorNow();
    const { id: municipality } = await geestland();
    const results = subscribe(transport, { after, municipality }, /* GraphQL */ `
      subscription Activity($after: String, $municipality: ID) {
        activity(after: $after, municipality: $municipality) {
          cursor occurredAt kind subject { __typename ... on Node { id } }
        }
      }`);
    const { id } = await publish();
    let event;
    do event = await next(results); while (event.subject?.id !== id);
    assert.equal(event.subject.__typename, 'Solution');
    assert.ok(event.kind && event.cursor);
  });

  test(`${transport}: a cut connection resumes after the last cursor, no gap, no double`, async () => {
    const after = await cursorNow();
    const proxy = await Proxy.start();
    keep({ dispose: () => proxy.stop() });
    const address = `${transport === 'graphql-ws' ? proxy.url.replace('http', 'ws') : proxy.url}/graphql`;
    const cutOff = TRANSPORTS[transport](address).iterate({ query: SUBSCRIBE, variables: { after } });
    const published = [];
    for (let n = 0; n < 3; n += 1) published.push((await publish()).id);
    const events = await collectUntil(cutOff, published.at(-1));
    proxy.cut();
    await assert.rejects(next(cutOff), ({ message }) => !/^not within/.test(message), 'the client notices the cut');
    for (let n = 0; n < 3; n += 1) published.push((await publish()).id);
    const resumed = subscribe(transport, { after: events.at(-1).cursor });
    published.push((await publish()).id);
    events.push(...await collectUntil(resumed, published.at(-1)));
    assert.deepEqual(idsOf(events), published);
  });
}

test('replay and live meet without gap or double while four writers publish', { timeout: 120_000 }, async () => {
  const WRITERS = 4;
  const EACH = 8;
  const after = await cursorNow();
  const published = [];
  const subscribers = [];
  const join = () => Object.keys(TRANSPORTS).forEach((transport) => subscribers.push(subscribe(transport, { after })));

  join();
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    for (let n = 0; n < EACH; n += 1) {
      published.push((await publish()).id);
      if (published.length % 5 === 0) join(); // in the middle of everything
    }
  }));
  join();
  const last = (await publish()).id;
  published.push(last);

  const heard = await Promise.all(subscribers.map((results) => collectUntil(results, last)));
  for (const events of heard) {
    assert.equal(events.length, published.length, 'each event once');
    assert.deepEqual(idsOf(events).sort(), [...published].sort(), 'no gap, no double');
    assert.deepEqual(events, heard[0], 'all subscribers agree on order and cursors');
  }
  const cursors = heard[0].map(({ cursor }) => cursor);
  assert.equal(new Set(cursors).size, cursors.length, 'a cursor names one event');

  // Each cursor is a place to resume from.
  const middle = Math.floor(cursors.length / 2);
  const rest = await collectUntil(subscribe('graphql-sse', { after: cursors[middle] }), last);
  assert.deepEqual(idsOf(rest), idsOf(heard[0]).slice(middle + 1));
});
