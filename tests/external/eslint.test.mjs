// graphql-eslint on the printed schema: nothing to say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { buildSchema } from 'graphql';
import { VALUE_TYPES } from './eslint.config.mjs';
import { here, repository, schemaFile } from './tool.mjs';

const eslint = new ESLint({ cwd: repository, overrideConfigFile: `${here}eslint.config.mjs` });

test('the printed schema has no findings', async () => {
  const [{ messages }, ...others] = await eslint.lintFiles([schemaFile]);
  assert.deepEqual(others, []);
  assert.deepEqual(messages.map(({ line, ruleId, message }) => `${line}: ${message} (${ruleId})`), []);
});

test('all rules of both sets are on', async () => {
  const { rules } = await eslint.calculateConfigForFile(schemaFile);
  const on = Object.values(rules).filter(([severity]) => severity === 2);
  assert.equal(on.length, 24, '20 recommended and 4 relay rules');
});

test('the exceptions name existing types that really have no id', () => {
  const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
  const wrong = VALUE_TYPES.filter((name) => schema.getType(name)?.getFields?.().id !== undefined || !schema.getType(name));
  assert.deepEqual(wrong, []);
});

test('a fault is found', async () => {
  const faulty = `${readFileSync(schemaFile, 'utf8')}\ntype query_thing { Get_it: Int }\n`;
  const [{ messages }] = await eslint.lintText(faulty, { filePath: schemaFile });
  const rules = new Set(messages.map(({ ruleId }) => ruleId));
  assert.ok(rules.has('@graphql-eslint/naming-convention'), [...rules].join());
  assert.ok(rules.has('@graphql-eslint/require-description'), [...rules].join());
});
