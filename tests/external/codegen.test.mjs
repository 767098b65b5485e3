// @graphql-codegen over the printed schema and the project's documents, then the TypeScript compiler.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'graphql';
import { here, repository, run } from './tool.mjs';

const generated = `${here}codegen/__generated__`;
const operations = `${repository}schema/operations/`;

test('typed documents are generated, and TypeScript accepts them', { timeout: 250_000 }, () => {
  rmSync(generated, { recursive: true, force: true });
  const codegen = run('graphql-codegen', ['--config', 'codegen.yml'], 'codegen');
  assert.equal(codegen.status, 0, codegen.output);

  const documents = readFileSync(`${generated}/graphql.ts`, 'utf8');
  const files = readdirSync(operations).filter((name) => name.endsWith('.graphql'));
  assert.ok(files.length > 0, 'there are documents to generate from');
  for (const file of files) {
    for (const { kind, name } of parse(readFileSync(operations + file, 'utf8')).definitions) {
      if (kind !== 'OperationDefinition') continue;
      assert.ok(documents.includes(`export const ${name.value}Document`), `${file}: ${name.value} is missing`);
    }
  }

  const tsc = run('tsc', ['--noEmit', '--project', 'tsconfig.json'], 'codegen');
  assert.equal(tsc.status, 0, tsc.output);
});
