// What GraphQL over HTTP asks of a server beyond the audits: methods, headers, sizes, request errors.

import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { test } from 'node:test';
import {
  asEditor, assertErrors, assertRequestError, graphqlUrl, http, JSON_TYPE, post, RESPONSE_TYPE,
} from './support.mjs';

const LIMIT = 1024 * 1024;
const TYPENAME = JSON.stringify({ query: '{ __typename }' });

/** The transport refused: a code for the client, but not under the media type of GraphQL results. */
function assertRefused(answer, status) {
  assert.equal(answer.status, status, answer.text);
  assert.notEqual(answer.mediaType, RESPONSE_TYPE);
  assertRequestError(answer.body);
}

async function assertAlive() {
  const { status, body } = await post({ query: '{ __typename }' });
  assert.equal(status, 200);
  assert.deepEqual(body, { data: { __typename: 'Query' } });
}

const get = (params, headers = {}) =>
  http(`/graphql?${new URLSearchParams(params)}`, { headers: { accept: RESPONSE_TYPE, ...headers } });

for (const [kind, query] of [
  ['mutation', 'mutation { __typename }'],
  ['subscription', 'subscription { solutionPublished { cursor } }'],
  ['mutation chosen by operationName', 'query Q { __typename } mutation M { __typename }'],
]) {
  test(`GET runs no ${kind}: 405 and Allow: POST`, async () => {
    const answer = await get({ query, ...(query.includes(' M ') ? { operationName: 'M' } : {}) });
    assert.equal(answer.status, 405, answer.text);
    assert.equal(answer.headers.get('allow'), 'POST');
    assertRequestError(answer.body);
  });
}

test('GET runs no mutation over server-sent events either', async () => {
  const answer = await get({ query: 'mutation { __typename }' }, { accept: 'text/event-stream' });
  assert.equal(answer.status, 405, answer.text);
});

test('GET takes operationName, variables and extensions; empty strings count as absent', async () => {
  const query = 'query A { a: __typename } query B($on: Boolean!) { b: __typename @include(if: $on) }';
  const b = await get({ query, operationName: 'B', variables: '{"on":true}', extensions: '{}' });
  assert.deepEqual(b.body, { data: { b: 'Query' } });
  const plain = await get({ query: '{ __typename }', operationName: '', variables: '', extensions: '' });
  assert.deepEqual(plain.body, { data: { __typename: 'Query' } });
});

for (const method of ['PUT', 'PATCH', 'DELETE']) {
  test(`${method} is not allowed`, async () => {
    const headers = { 'content-type': JSON_TYPE };
    const { status, headers: answered } = await http('/graphql', { method, headers, body: TYPENAME });
    assert.equal(status, 405);
    const allowed = answered.get('allow').split(/\s*,\s*/);
    assert.ok(allowed.includes('GET') && allowed.includes('POST'), `Allow: ${allowed}`);
  });
}

for (const [name, type] of [
  ['no content type', undefined],
  ['text/plain', 'text/plain'],
  ['a form', 'application/x-www-form-urlencoded'],
  ['a type that only resembles JSON', 'application/jsonp'],
]) {
  test(`POST with ${name}: 415`, async () => {
    const headers = type ? { 'content-type': type } : {};
    // Bytes, because fetch labels a string as text/plain by itself.
    const body = new TextEncoder().encode(TYPENAME);
    assertRefused(await http('/graphql', { method: 'POST', headers, body }), 415);
  });
}

for (const accept of ['application/xml', 'image/png, text/css', `${JSON_TYPE};q=0, ${RESPONSE_TYPE};q=0`]) {
  test(`Accept: ${accept}: 406`, async () => {
    assertRefused(await post({ query: '{ __typename }' }, { accept }), 406);
  });
}

for (const [accept, expected] of [
  [`${JSON_TYPE};q=0.5, ${RESPONSE_TYPE}`, RESPONSE_TYPE],
  [`${RESPONSE_TYPE};q=0.1, ${JSON_TYPE};q=0.9`, JSON_TYPE],
  [`image/png, ${RESPONSE_TYPE};q=0.2`, RESPONSE_TYPE],
  ['application/*', JSON_TYPE],
]) {
  test(`Accept: ${accept} is answered as ${expected}`, async () => {
    const answer = await post({ query: '{ __typename }' }, { accept });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.mediaType, expected);
  });
}

for (const authorization of ['Bearer alm_not_a_token', 'Bearer']) {
  test(`Authorization: ${authorization}: 401`, async () => {
    const answer = await post({ query: '{ __typename }' }, { headers: { authorization } });
    assert.equal(answer.status, 401, answer.text);
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    assertRequestError(answer.body, 'UNAUTHENTICATED');
  });
}

test('the demo token is accepted', async () => {
  assert.equal((await post({ query: '{ __typename }' }, { headers: asEditor })).status, 200);
});

/** Sends more than the limit and reads the answer while the request is still open. */
function sendTooMuch(headers) {
  return new Promise((resolve, reject) => {
    const request = rawRequest(graphqlUrl, {
      method: 'POST', headers: { 'content-type': JSON_TYPE, ...headers }, timeout: 20_000,
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('response', (response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    request.write(`{"query":"{ __typename }","padding":"${'x'.repeat(LIMIT + 64 * 1024)}`);
  });
}

test('a body over 1 MiB, announced by Content-Length: 413', async () => {
  assert.equal(await sendTooMuch({ 'content-length': 4 * LIMIT }), 413);
  await assertAlive();
});

test('a body over 1 MiB, sent in chunks of unknown number: 413', async () => {
  assert.equal(await sendTooMuch({ 'transfer-encoding': 'chunked' }), 413);
  await assertAlive();
});

for (const [name, body] of [
  ['a batch', `[${TYPENAME},${TYPENAME}]`],
  ['an empty batch', '[]'],
  ['a JSON string', '"{ __typename }"'],
  ['half a JSON object', '{"query":'],
  ['nothing', ''],
  ['a duplicate start of JSON', `${TYPENAME}${TYPENAME}`],
  ['100,000 nested arrays as variables', `{"query":"{ __typename }","variables":${'['.repeat(1e5)}`],
]) {
  test(`POST with ${name}: 400`, async () => {
    const answer = await post(body);
    assert.equal(answer.status, 400, answer.text);
    assertRequestError(answer.body);
    await assertAlive();
  });
}

test('unknown top-level members of the request are ignored', async () => {
  assert.equal((await post({ query: '{ __typename }', later: [1] })).status, 200);
});

test('a subscription over POST without an event stream is refused', async () => {
  const answer = await post({ query: 'subscription { solutionPublished { cursor } }' });
  assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
  assertRequestError(answer.body);
});

test('all errors have codes under application/json as well', async () => {
  const answer = await post({ query: '{ nonsense }' }, { accept: JSON_TYPE });
  assert.equal(answer.status, 200);
  assertErrors(answer.body.errors, 'GRAPHQL_VALIDATION_FAILED');
});
