// Runs an installed tool the way a developer would, and keeps what it says for the failure message.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const schemaFile = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

/** The exit code and all output of `node_modules/.bin/<name>`, started in a folder of these checks. */
export function run(name, args, folder = '.') {
  const { status, error, stdout, stderr } = spawnSync(`${here}node_modules/.bin/${name}`, args, {
    cwd: `${here}${folder}`,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  if (error) throw error;
  return { status, output: `${stdout}\n${stderr}` };
}
