// relay-compiler on the printed schema: connections, refetching through `node`, pagination.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { here, run } from './tool.mjs';

const artifacts = `${here}relay/__generated__`;

test('relay-compiler compiles the fragments with @connection and @refetchable', { timeout: 130_000 }, () => {
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts);
  const { status, output } = run('relay-compiler', ['relay.config.json'], 'relay');
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /warn|error/i);
  assert.deepEqual(readdirSync(artifacts).sort(), [
    'MunicipalityCardPaginationQuery.graphql.ts',
    'MunicipalityCardQuery.graphql.ts',
    'MunicipalityCard_municipality.graphql.ts',
    'SolutionListPaginationQuery.graphql.ts',
    'SolutionListQuery.graphql.ts',
    'SolutionList_query.graphql.ts',
  ]);
});
