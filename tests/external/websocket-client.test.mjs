// The graphql-ws client, as an application would use it.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import {
  assertErrors, CREATE, cursorNow, publish, solutionInput, SUBSCRIBE, token, webSocketUrl, within,
} from './support.mjs';

const clients = [];
function client(options = {}) {
  const made = createClient({ url: webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  clients.push(made);
  return made;
}
afterEach(async () => {
  for (const made of clients.splice(0)) await made.dispose();
});

const connectionParams = () => ({ authorization: `Bearer ${token}` });
const collect = async (results) => {
  const all = [];
  for await (const result of results) all.push(result);
  return all;
};

test('a query gives one result', async () => {
  const results = await within(5_000, 'the result', collect(client().iterate({ query: '{ __typename }' })));
  assert.deepEqual(results, [{ data: { __typename: 'Query' } }]);
});

test('a mutation of the editor gives its payload', async () => {
  const input = await solutionInput();
  const [result] = await collect(client({ connectionParams }).iterate({ query: CREATE, variables: { input } }));
  assert.deepEqual(result.data.createSolution.userErrors, []);
  assert.equal(result.data.createSolution.solution.title, input.title);
});

test('a mutation without a token is refused with a code', async () => {
  const input = await solutionInput();
  const results = client().iterate({ query: CREATE, variables: { input } });
  const errors = await collect(results).then(([result]) => result.errors, (thrown) => thrown);
  assertErrors(errors, 'UNAUTHENTICATED');
});

test('a subscription gives what is published, one after the other', async () => {
  const after = await cursorNow();
  const results = client({ keepAlive: 1_000 }).iterate({ query: SUBSCRIBE, variables: { after } });
  for (let n = 0; n < 3; n += 1) {
    const published = await publish();
    const { value } = await within(5_000, 'the event', results.next());
    assert.equal(value.errors, undefined);
    const event = value.data.solutionPublished;
    assert.deepEqual(event.solution, published);
    assert.ok(event.cursor);
    assert.ok(!Number.isNaN(Date.parse(event.occurredAt)), event.occurredAt);
  }
  await results.return();
});

test('validation errors are thrown', async () => {
  const thrown = await collect(client().iterate({ query: '{ nonsense }' })).then(
    (results) => assert.fail(`results instead of an error: ${JSON.stringify(results)}`),
    (error) => error,
  );
  assertErrors(thrown, 'GRAPHQL_VALIDATION_FAILED');
});

test('a cursor that is none gives an error with a code, and the socket lives on', async () => {
  const made = client({ lazy: false });
  const errors = await collect(made.iterate({ query: SUBSCRIBE, variables: { after: 'nonsense' } }))
    .then(([result]) => result.errors, (thrown) => thrown);
  assertErrors(errors, 'BAD_USER_INPUT');
  assert.equal((await collect(made.iterate({ query: '{ __typename }' }))).length, 1);
});

test('a bad token closes with 4403', async () => {
  const made = client({ connectionParams: { authorization: 'Bearer alm_not_a_token' } });
  const thrown = await collect(made.iterate({ query: '{ __typename }' })).then(() => assert.fail('accepted'), (e) => e);
  assert.equal(thrown.code, 4403);
});
