// The audits of graphql-http (https://github.com/graphql/graphql-http), every one of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { graphqlUrl, JSON_TYPE, post, RESPONSE_TYPE } from './support.mjs';

const audits = serverAudits({ url: graphqlUrl });

test('graphql-http knows 61 audits', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`audit ${audit.id}: ${audit.name}`, { timeout: 20_000 }, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}

for (const accept of [JSON_TYPE, RESPONSE_TYPE]) {
  test(`keys keep the order of the selection (${accept})`, async () => {
    const query = `{
      z: __typename
      schema: __schema { y: __typename queryType { b: name a: name __typename } x: __typename }
      a: __typename
      ...More
    }
    fragment More on Query { m: __typename schema: __schema { w: __typename } b: __typename }`;
    const { text } = await post({ query }, { accept });
    // JSON text, not the parsed object: the order on the wire is what counts.
    const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key).filter((key) => key !== 'data');
    assert.deepEqual(keys, [
      'z', 'schema', 'y', 'queryType', 'b', 'a', '__typename', 'x', 'w', 'a', 'm', 'b',
    ]);
  });
}
