import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDemoStudy } from '@spine/phantoms';

import { listFiles } from './assemble/copyTree';
import { cacheFolder, repositoryRoot } from './paths';

/** What writeDemoStudy wrote. */
export interface DemoStudy {
  /** The DICOM study alone. */
  study: string;
  /** Where the lesions are: truth.json and truth.nii.gz, beside the study. */
  truth: string;
}

/**
 * The demo study (a phantom spine: see models/phantoms), generated on the first call and again when its generator
 * changes. A half-written study is never left under its name.
 */
export async function demoStudy(cache: string, log: (line: string) => void = console.log): Promise<DemoStudy> {
  const name = `demo-study-${generatorHash()}`;
  const folder = join(cache, name);
  const layout = { study: join(folder, 'study'), truth: folder };
  if (existsSync(folder)) return layout;
  log('Generating the demo study (once) …');
  await mkdir(cache, { recursive: true });
  for (const old of readdirSync(cache).filter(entry => entry.startsWith('demo-study-'))) {
    await rm(join(cache, old), { recursive: true, force: true });
  }
  const partial = join(cache, `demo-study-partial-${process.pid}`);
  await mkdir(partial);
  writeDemoStudy(partial);
  await rename(partial, folder).catch(async (error: unknown) => {
    // Another process was quicker: its study is the same.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return layout;
}

/** Identifies the code that makes the study, tests aside. */
function generatorHash(): string {
  const hash = createHash('sha256');
  const folder = join(repositoryRoot, 'models/phantoms/src');
  for (const file of listFiles(folder).sort()) {
    if (!file.includes('.test.')) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

if (require.main === module) void demoStudy(cacheFolder).then(({ study }) => console.log(study));
