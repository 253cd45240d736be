import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDemoStudy } from '@spine/phantoms';

/**
 * The folder of the demo study, generated on the first call (a phantom spine: see models/phantoms).
 * A half-written study is never left under its name.
 */
export async function demoStudy(cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, 'demo-study');
  if (existsSync(folder)) return join(folder, 'study');
  console.log('Generating the demo study (once) …');
  const partial = `${folder}.part`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeDemoStudy(partial);
  await rename(partial, folder);
  return join(folder, 'study');
}
