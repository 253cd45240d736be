import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the repository. */
export const ROOT = resolve(__dirname, '../..');

/**
 * The folder of material that may not be committed (real CT, further golden cases): SPINE_SHARED, else `shared` beside the
 * repository. Undefined when it is not there; the caller then skips with {@link skipLine}.
 */
export function sharedFolder(...path: string[]): string | undefined {
  const folder = join(process.env.SPINE_SHARED ?? resolve(ROOT, '../shared'), ...path);
  return existsSync(folder) ? folder : undefined;
}

/** Says in one line what does not run, and why. */
export function skipLine(what: string, why = 'no shared folder; set SPINE_SHARED to its path'): void {
  process.stdout.write(`skipped: ${what} (${why})\n`);
}
