/** `npm run release`: release/spine-oncology-<version>.tar.gz and the folder it was made from. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseOptions, runCommand } from '@spine/headless/cli';

import { demoStudy } from '../demoStudy';
import { cacheFolder, repositoryRoot } from '../paths';
import { writeRelease } from './writeRelease';

const usage = `npm run release -- [options]
  --out <folder>   where the archive is put (default release)
  --without-demo   leaves out the demo study, which compose.yaml loads
  --help           this text`;

async function main(): Promise<void> {
  const { out, 'without-demo': withoutDemo } = parseOptions({
    out: { type: 'string' },
    'without-demo': { type: 'boolean' },
  });
  const folder = out === undefined ? join(repositoryRoot, 'release') : resolve(out);
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, 'partial');
  const version = writeRelease(partial, withoutDemo ? undefined : (await demoStudy(cacheFolder)).study);
  const name = `spine-oncology-${version}`;
  rmSync(join(folder, name), { recursive: true, force: true });
  renameSync(partial, join(folder, name));
  const archive = join(folder, `${name}.tar.gz`);
  // Owners and times of this computer mean nothing elsewhere.
  execFileSync('tar', ['--create', '--gzip', '--file', archive, '--numeric-owner', '--directory', folder, name]);
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
  writeFileSync(`${archive}.sha256`, `${hash}  ${name}.tar.gz\n`);
  console.log(`SHA-256 ${hash}`);
  console.log(`${archive}: ${(statSync(archive).size / 1e6).toFixed(0)} MB`);
}

void runCommand('release', usage, main);
