// graphql-js reads the hub's introspection, and holds it against the printed schema.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import {
  buildClientSchema, buildSchema, findBreakingChanges, findDangerousChanges, getIntrospectionQuery,
  lexicographicSortSchema, printSchema, validateSchema,
} from 'graphql';
import { execute, http } from './support.mjs';
import { schemaFile } from './tool.mjs';

const printed = readFileSync(schemaFile, 'utf8');
const filed = buildSchema(printed);
let served;

before(async () => {
  const query = getIntrospectionQuery({
    descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true,
    // The library describes every schema with the same sentence on what a schema is, and prints none.
    schemaDescription: false,
    inputValueDeprecation: true, oneOf: true,
  });
  served = buildClientSchema(await execute(query));
});

test('the schema that is served is valid', () => assert.deepEqual(validateSchema(served), []));
test('the schema that is printed is valid', () => assert.deepEqual(validateSchema(filed), []));

// Where the directives of the specification may stand is not ours to say; graphql-js knows drafts.
const isOurs = ({ type }) => type !== 'DIRECTIVE_LOCATION_REMOVED';

test('both mean the same: no change is breaking or dangerous, either way', () => {
  for (const [older, newer] of [[filed, served], [served, filed]]) {
    assert.deepEqual(findBreakingChanges(older, newer).filter(isOurs), []);
    assert.deepEqual(findDangerousChanges(older, newer).filter(isOurs), []);
  }
});

test('both say the same: descriptions, deprecations, default values', () => {
  const print = (schema) => printSchema(lexicographicSortSchema(schema));
  assert.equal(print(served), print(filed));
});

test('GET /schema.graphql is the printed schema', async () => {
  const answer = await http('/schema.graphql');
  assert.equal(answer.status, 200);
  assert.equal(answer.text.trim(), printed.trim());
});

test('the comparison notices a difference', () => {
  const more = buildSchema(`${printed}\nextend type Query { nonsense: Int }`);
  assert.notDeepEqual(findBreakingChanges(more, served), []);
});
