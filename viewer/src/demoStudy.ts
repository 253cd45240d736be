import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDemoFollowUp, writeDemoStudy } from '@spine/phantoms';

import { listFiles } from './assemble/copyTree';
import { cacheFolder, repositoryRoot } from './paths';

/** What writeDemoStudy wrote. */
export interface DemoStudy {
  /** The DICOM study alone. */
  study: string;
  /** Where the lesions are: truth.json and truth.nii.gz, beside the study. */
  truth: string;
  /** The truth as a result saved in the study. */
  lesions: string;
}

type Log = (line: string) => void;

/**
 * The demo study (a phantom spine: see phantoms), generated on the first call and again when its generator
 * changes. A half-written study is never left under its name.
 */
export function demoStudy(cache: string, log: Log = console.log): Promise<DemoStudy> {
  return generated(cache, 'demo-study', writeDemoStudy, log);
}

/** The demo patient half a year later; made and kept like {@link demoStudy}. */
export function demoFollowUp(cache: string, log: Log = console.log): Promise<DemoStudy> {
  return generated(cache, 'demo-follow-up', writeDemoFollowUp, log);
}

async function generated(cache: string, kind: string, write: (folder: string) => unknown, log: Log) {
  const folder = join(cache, `${kind}-${generatorHash()}`);
  const layout = { study: join(folder, 'study'), truth: folder, lesions: join(folder, 'lesions') };
  if (existsSync(folder)) return layout;
  log(`Generating the ${kind.replaceAll('-', ' ')} (once) …`);
  await mkdir(cache, { recursive: true });
  await removeFormer(cache, kind);
  const partial = join(cache, `${kind}-partial-${process.pid}`);
  await mkdir(partial);
  write(partial);
  await rename(partial, folder).catch(async (error: unknown) => {
    // Another process was quicker: its study is the same.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return layout;
}

/** Removes studies of former generators and what killed processes left; not what a process that is running writes just now. */
export async function removeFormer(cache: string, kind: string): Promise<void> {
  for (const entry of readdirSync(cache).filter(name => name.startsWith(`${kind}-`))) {
    const [, writer] = /-partial-(\d+)$/.exec(entry) ?? [];
    const isOther = writer !== undefined && Number(writer) !== process.pid;
    if (!isOther || !isRunning(Number(writer))) {
      await rm(join(cache, entry), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // asks, and sends nothing
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Identifies the code that makes the study, tests aside. */
function generatorHash(): string {
  const hash = createHash('sha256');
  const folder = join(repositoryRoot, 'phantoms/src');
  for (const file of listFiles(folder).sort()) {
    if (!file.includes('.test.')) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

if (require.main === module) {
  const make = process.argv.includes('--follow-up') ? demoFollowUp : demoStudy;
  void make(cacheFolder).then(({ study }) => console.log(study));
}
