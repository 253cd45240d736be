import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files below `folder`, as paths relative to it; [] if there is no such folder. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/**
 * Makes `target` hold exactly `files` (relative path -> source file), copying only those whose size or time differ
 * and deleting the rest, except the relative paths in `keep`.
 * @returns the number of files copied.
 */
export function syncFiles(files: Map<string, string>, target: string, keep: ReadonlySet<string>): number {
  let copied = 0;
  for (const [path, source] of files) {
    const destination = join(target, path);
    const from = statSync(source);
    const to = existsSync(destination) ? statSync(destination) : undefined;
    if (to && to.size === from.size && Math.abs(to.mtimeMs - from.mtimeMs) < 2) continue;
    mkdirSync(dirname(destination), { recursive: true });
    copyFileSync(source, destination);
    utimesSync(destination, from.atime, from.mtime);
    copied++;
  }
  for (const path of listFiles(target)) if (!files.has(path) && !keep.has(path)) rmSync(join(target, path));
  return copied;
}
