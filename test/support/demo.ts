import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { ROOT } from './shared';

/**
 * The demo study, generated when it is not cached. The generator runs in a process of its own: inside jest's module
 * sandbox the same arithmetic takes ten times as long.
 */
export function demoStudyForTests(): Promise<DemoStudy> {
  return generated([]);
}

/** The demo patient's follow-up, likewise. */
export function demoFollowUpForTests(): Promise<DemoStudy> {
  return generated(['--follow-up']);
}

async function generated(options: string[]): Promise<DemoStudy> {
  const command = ['--import', 'tsx', 'viewer/src/demoStudy.ts', ...options];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
  const study = stdout.trim().split('\n').at(-1)!;
  return { study, truth: dirname(study), lesions: join(dirname(study), 'lesions') };
}
