// graphql-transport-ws, frame by frame (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { cursorNow, assertErrors, publish, SUBSCRIBE } from './support.mjs';
import { PROTOCOL, RawWebSocket, refusal } from './raw-websocket.mjs';

const QUERY = '{ __typename }';
const TOPIC = { filter: { topics: ['Topic:mobility'] } };

const sockets = [];
const track = async (opening) => {
  const raw = await opening;
  sockets.push(raw);
  return raw;
};
const open = (protocols) => track(RawWebSocket.open(protocols));
const connected = (options) => track(RawWebSocket.connected(options));
afterEach(() => sockets.splice(0).forEach((raw) => raw.close()));

/** A close of the protocol has its own code, and a reason that people can read. */
async function assertClosed(raw, code, milliseconds) {
  const close = await raw.closed(milliseconds);
  assert.equal(close.code, code, close.reason);
  assert.match(close.reason, /^\S[^\r\n]*$/);
}

test('init is acknowledged, and the hub chose the sub-protocol', async () => {
  const raw = await connected();
  assert.equal(raw.socket.protocol, PROTOCOL);
});

test('graphql-transport-ws is chosen among several sub-protocols', async () => {
  const raw = await open(['graphql-ws', PROTOCOL]);
  assert.equal(raw.socket.protocol, PROTOCOL);
});

for (const [name, protocols] of [
  ['no sub-protocol', []],
  ['an unknown sub-protocol', ['chat']],
  ['the legacy sub-protocol graphql-ws', ['graphql-ws']],
]) {
  test(`${name}: refused handshake or 4406`, async () => {
    const { status, code } = await refusal(protocols);
    assert.ok(status === 400 || code === 4406, `status ${status}, close ${code}`);
  });
}

test('no init: 4408 after the time-out, not before two seconds', async () => {
  const raw = await open();
  const opened = performance.now();
  await assertClosed(raw, 4408, 6_000);
  assert.ok(performance.now() - opened > 2_000, 'a slow client gets its time');
});

test('a ping does not replace init', async () => {
  const raw = await open();
  raw.send({ type: 'ping' });
  assert.equal((await raw.next()).type, 'pong');
  await assertClosed(raw, 4408, 6_000);
});

test('subscribe before init: 4401', async () => {
  const raw = await open();
  raw.subscribe('a', QUERY);
  await assertClosed(raw, 4401);
});

test('a second init: 4429', async () => {
  const raw = await connected();
  raw.send({ type: 'connection_init' });
  await assertClosed(raw, 4429);
});

for (const authorization of ['Bearer alm_not_a_token', 'Bearer', 7]) {
  test(`init with the authorization ${JSON.stringify(authorization)}: 4403`, async () => {
    const raw = await open();
    raw.send({ type: 'connection_init', payload: { authorization } });
    await assertClosed(raw, 4403);
  });
}

test('init with the demo token is acknowledged', async () => {
  await connected({ authorized: true });
});

for (const [name, message] of [
  ['init with a string as payload', { type: 'connection_init', payload: 'Bearer' }],
  ['init with a list as payload', { type: 'connection_init', payload: [] }],
  ['text that is no JSON', 'not JSON'],
  ['JSON that is no object', '[]'],
  ['an object without type', {}],
  ['an unknown type', { type: 'x'.repeat(200) }],
  ['a type of the legacy protocol', { type: 'start', id: 'a', payload: { query: QUERY } }],
]) {
  test(`${name}: 4400`, async () => {
    const raw = await open();
    raw.send(message);
    await assertClosed(raw, 4400);
  });
}

for (const [name, message] of [
  ['subscribe without id', { type: 'subscribe', payload: { query: QUERY } }],
  ['subscribe with a number as id', { id: 1, type: 'subscribe', payload: { query: QUERY } }],
  ['subscribe without payload', { id: 'a', type: 'subscribe' }],
  ['subscribe without query', { id: 'a', type: 'subscribe', payload: {} }],
  ['subscribe with a list as variables', { id: 'a', type: 'subscribe', payload: { query: QUERY, variables: [] } }],
  ['complete without id', { type: 'complete' }],
  ['text that is no JSON', '{'],
]) {
  test(`after init, ${name}: 4400`, async () => {
    const raw = await connected();
    raw.send(message);
    await assertClosed(raw, 4400);
  });
}

test('a ping is answered before and after init, with and without payload', async () => {
  const raw = await open();
  raw.send({ type: 'ping' });
  assert.equal((await raw.next()).type, 'pong');
  raw.send({ type: 'connection_init' });
  assert.equal((await raw.next()).type, 'connection_ack');
  raw.send({ type: 'ping', payload: { a: 1 } });
  assert.equal((await raw.next()).type, 'pong');
  raw.send({ type: 'pong' }); // unasked, which is allowed
  raw.subscribe('a', QUERY);
  assert.equal((await raw.next()).type, 'next');
});

test('a query: next, complete, and its id may be used again', async () => {
  const raw = await connected();
  for (let round = 0; round < 2; round += 1) {
    raw.subscribe('a', QUERY);
    assert.deepEqual(await raw.next(), { id: 'a', type: 'next', payload: { data: { __typename: 'Query' } } });
    assert.deepEqual(await raw.next(), { id: 'a', type: 'complete' });
  }
});

for (const [name, query, code] of [
  ['a validation error', '{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a validation error of a subscription', 'subscription { nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
  ['a syntax error', '{', 'GRAPHQL_PARSE_FAILED'],
]) {
  test(`${name}: one error message, no complete, and the socket lives on`, async () => {
    const raw = await connected();
    raw.subscribe('a', query);
    const frame = await raw.next();
    assert.equal(frame.type, 'error', JSON.stringify(frame));
    assert.equal(frame.id, 'a');
    assertErrors(frame.payload, code);
    await raw.fence();
    assert.deepEqual(raw.frames.filter(({ type }) => type === 'complete'), []);
    raw.subscribe('a', QUERY);
    assert.equal((await raw.next()).type, 'next', 'the id is free again');
  });
}

test('an id that is in use: 4409', async () => {
  const raw = await connected();
  raw.subscribe('a', SUBSCRIBE, TOPIC);
  raw.subscribe('a', QUERY);
  await assertClosed(raw, 4409);
});

test('after the client completed, nothing more comes for that id', async () => {
  const after = await cursorNow();
  const raw = await connected();
  for (const id of ['left', 'stays']) raw.subscribe(id, SUBSCRIBE, { ...TOPIC, after });
  await publish();
  for (const _ of [1, 2]) assert.equal((await raw.next()).type, 'next', 'both are live');
  raw.send({ id: 'left', type: 'complete' });
  await raw.fence();
  const before = raw.frames.length;
  for (const _ of [1, 2]) {
    const { id } = await publish();
    assert.equal((await raw.nextOf('stays')).payload.data.solutionPublished.solution.id, id);
  }
  await raw.fence();
  assert.deepEqual(raw.frames.slice(before).filter((frame) => frame.id === 'left'), []);
  raw.send({ id: 'left', type: 'complete' }); // twice, and for an unknown id: ignored
  raw.send({ id: 'unknown', type: 'complete' });
  await raw.fence();
});

test('the hub pings a quiet client within 30 seconds', { timeout: 40_000 }, async () => {
  const raw = await connected();
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no ping')), 30_000);
    const heard = () => resolve(clearTimeout(late));
    raw.socket.on('ping', heard);
    raw.socket.on('message', (data) => JSON.parse(data).type === 'ping' && heard());
  });
});
