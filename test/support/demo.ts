import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { ROOT } from './shared';

/**
 * The demo study, generated when it is not cached. The generator runs in a process of its own: inside jest's module
 * sandbox the same arithmetic takes ten times as long.
 */
export async function demoStudyForTests(): Promise<DemoStudy> {
  const command = ['--import', 'tsx', 'viewer/src/demoStudy.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
  const study = stdout.trim().split('\n').at(-1)!;
  return { study, truth: dirname(study) };
}
