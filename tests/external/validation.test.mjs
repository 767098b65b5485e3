// Which documents are refused, and with what code; graphql-js is the judge of what is valid.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { assertRequestError, post } from './support.mjs';

let schema;
before(() => {
  schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
});

const INVALID = {
  'an unknown field': '{ nonsense }',
  'an unknown nested field': '{ __schema { nonsense } }',
  'an unknown argument': '{ __type(name: "Query", nonsense: 1) { name } }',
  'a missing argument': '{ __type { name } }',
  'an argument of a wrong type': '{ __type(name: 1) { name } }',
  'an argument given twice': '{ __type(name: "Query", name: "Query") { name } }',
  'an object without selection': '{ __schema }',
  'a scalar with selection': '{ __typename { a } }',
  'an unknown directive': '{ __typename @nonsense }',
  'a directive in a wrong place': 'query @skip(if: true) { __typename }',
  'a directive given twice': '{ __typename @skip(if: true) @skip(if: true) }',
  'an unknown fragment': '{ ...Nonsense }',
  'an unused fragment': '{ __typename } fragment F on Query { __typename }',
  'a fragment on an unknown type': '{ ...F } fragment F on Nonsense { __typename }',
  'a fragment that cannot match': '{ __schema { ... on Query { __typename } } }',
  'a fragment that contains itself': '{ ...F } fragment F on Query { ...F }',
  'a variable that is not declared': '{ __type(name: $name) { name } }',
  'a variable that is not used': 'query ($name: String) { __typename }',
  'a variable of an unknown type': 'query ($name: Nonsense) { __type(name: $name) { name } }',
  'a variable of an output type': 'query ($name: Query) { __type(name: $name) { name } }',
  'a variable declared twice': 'query ($n: String!, $n: String!) { __type(name: $n) { name } }',
  'a nullable variable in a non-null position': 'query ($id: ID) { node(id: $id) { id } }',
  'a variable of another type in its position': 'query ($id: Int!) { node(id: $id) { id } }',
  'a list variable in a single position': 'query ($id: [ID!]!) { node(id: $id) { id } }',
  'two fields under one key': '{ a: __typename a: __schema { __typename } }',
  'two nested fields under one key': '{ __schema { a: queryType { name } a: mutationType { name } } }',
  'two operations of one name': 'query A { __typename } query A { __typename }',
  'a second operation without a name': '{ __typename } query A { __typename }',
  'two oneOf members': '{ municipality(by: { slug: "geestland", id: "x" }) { id } }',
  'no oneOf member': '{ municipality(by: {}) { id } }',
  'a null oneOf member': '{ municipality(by: { slug: null }) { id } }',
  'an input member given twice': '{ municipality(by: { slug: "a", slug: "b" }) { id } }',
  'two root fields of a subscription': 'subscription { solutionPublished { cursor } activity { cursor } }',
  'two root fields of a subscription, one in a fragment':
    'subscription { solutionPublished { cursor } ...F } fragment F on Subscription { activity { cursor } }',
  'one root field of a subscription twice':
    'subscription { a: solutionPublished { cursor } b: solutionPublished { cursor } }',
};

for (const [name, query] of Object.entries(INVALID)) {
  test(`refused: ${name}`, async () => {
    assert.notDeepEqual(validate(schema, parse(query)), [], 'graphql-js refuses it too');
    const operationName = query.startsWith('query A') || query.includes('} query A') ? 'A' : undefined;
    const answer = await post({ query, operationName });
    assert.equal(answer.status, 400, answer.text);
    assertRequestError(answer.body, 'GRAPHQL_VALIDATION_FAILED');
  });
}

const VALID = {
  'a fragment on an interface': '{ node(id: "Solution:01JZZZZZZZZZZZZZZZZZZZZZZZ") { ...F } } fragment F on Node { id }',
  'the same field twice': '{ __typename __typename }',
  'a variable with a default in a non-null position': 'query ($n: String = "Query") { __type(name: $n) { name } }',
  'a single value for a list': '{ nodes(ids: "Solution:01JZZZZZZZZZZZZZZZZZZZZZZZ") { id } }',
  'one member of a oneOf, as a variable':
    ['query ($s: String!) { municipality(by: { slug: $s }) { slug } }', { s: 'geestland' }],
  'comments, commas and block strings': '{ # a comment\n ,, municipality(by: {slug: """geestland"""}) { slug } }',
};

for (const [name, document] of Object.entries(VALID)) {
  test(`accepted: ${name}`, async () => {
    const [query, variables] = [document].flat();
    assert.deepEqual(validate(schema, parse(query)), [], 'graphql-js accepts it too');
    const answer = await post({ query, variables });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(Object.hasOwn(answer.body, 'data'), answer.text);
  });
}

for (const [name, query] of Object.entries({
  'a missing brace': '{ __typename ',
  'an open string': '{ __type(name: "Query) { name } }',
  'a stray character': '{ __typename }\n\n  ? ',
  'an empty selection': '{ }',
  'nothing but a comment': '# nothing',
})) {
  test(`a syntax error: ${name}`, async () => {
    assert.throws(() => parse(query));
    const answer = await post({ query });
    assert.equal(answer.status, 400, answer.text);
    assertRequestError(answer.body, 'GRAPHQL_PARSE_FAILED');
    const [{ message, locations }] = answer.body.errors;
    assert.ok(locations?.[0]?.line >= 1 && locations[0].column >= 1, `no location: ${answer.text}`);
    assert.doesNotMatch(message, /-->|\^---| \| /, 'the message is no drawing of the parser');
  });
}

test('a syntax error is located where it is', async () => {
  const { body } = await post({ query: '{ __typename }\n\n  ? ' });
  assert.deepEqual(body.errors[0].locations, [{ line: 3, column: 3 }]);
});

const DEEP = 2_000;
for (const [name, query] of Object.entries({
  'nested selections': `${'{ a '.repeat(DEEP)}${'}'.repeat(DEEP)}`,
  'nested fragments': `${'{ ... on Query '.repeat(DEEP)} { __typename } ${'}'.repeat(DEEP)}`,
  'nested lists': `{ nodes(ids: ${'['.repeat(DEEP)}"x"${']'.repeat(DEEP)}) { id } }`,
  'nested objects': `{ municipality(by: ${'{ a: '.repeat(DEEP)}1${'}'.repeat(DEEP)}) { id } }`,
  'nested variable types': `query ($a: ${'['.repeat(DEEP)}ID${']'.repeat(DEEP)}) { __typename }`,
  'a chain of fragments': `{ ...F0 } ${Array.from({ length: DEEP },
    (_, n) => `fragment F${n} on Query { ...F${n + 1} }`).join(' ')} fragment F${DEEP} on Query { __typename }`,
})) {
  test(`2,000 levels of ${name} are refused without harm`, async () => {
    const started = performance.now();
    const answer = await post({ query });
    assert.equal(answer.status, 400, answer.text.slice(0, 500));
    assertRequestError(answer.body);
    assert.ok(performance.now() - started < 2_000, 'refused quickly');
    assert.equal((await post({ query: '{ __typename }' })).status, 200, 'the hub lives on');
  });
}
