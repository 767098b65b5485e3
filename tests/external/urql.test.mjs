// urql: its own HTTP and its own event-stream reader, without the graphql-sse client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheExchange, Client, fetchExchange } from '@urql/core';
import { asEditor, CREATE, cursorNow, graphqlUrl, publish, solutionInput, SUBSCRIBE, within } from './support.mjs';

const client = (options) => new Client({
  url: graphqlUrl,
  exchanges: [cacheExchange, fetchExchange],
  fetchSubscriptions: true,
  fetchOptions: { headers: asEditor },
  ...options,
});

for (const preferGetMethod of [false, 'force']) {
  test(`a query by ${preferGetMethod ? 'GET' : 'POST'}`, async () => {
    const query = 'query Slug($slug: String!) { municipality(by: { slug: $slug }) { id slug } }';
    const { data, error } = await client({ preferGetMethod }).query(query, { slug: 'geestland' }).toPromise();
    assert.equal(error, undefined);
    assert.equal(data.municipality.slug, 'geestland');
  });
}

test('a mutation', async () => {
  const input = await solutionInput();
  const { data, error } = await client({ preferGetMethod: false }).mutation(CREATE, { input }).toPromise();
  assert.equal(error, undefined);
  assert.equal(data.createSolution.solution.title, input.title);
});

test('errors keep their code', async () => {
  const { error } = await client({ preferGetMethod: false }).query('{ nonsense }', {}).toPromise();
  assert.equal(error?.graphQLErrors[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED', String(error));
});

test('a subscription over server-sent events gives several events', async (t) => {
  const after = await cursorNow();
  const heard = [];
  let wake = () => {};
  const { unsubscribe } = client({ preferGetMethod: false }).subscription(SUBSCRIBE, { after }).subscribe((result) => {
    heard.push(result);
    wake();
  });
  t.after(unsubscribe);
  for (let n = 0; n < 3; n += 1) {
    const published = await publish();
    const arrived = new Promise((resolve) => { wake = resolve; });
    if (heard.length <= n) await within(5_000, 'the event', arrived);
    assert.equal(heard[n].error, undefined);
    assert.equal(heard[n].data.solutionPublished.solution.id, published.id);
  }
});
