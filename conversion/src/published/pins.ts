/** Hashes that files had at their first download, for files whose hash is not known beforehand. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CommandError } from '@spine/headless/cli';
import { sha256OfFile } from '../model/manifest';
import type { PublishedFile } from './sources';

export interface Pinned {
  readonly sha256: string;
  readonly firstUse: boolean;
}

/**
 * Compares a file with its known hash, or with the one of its first use, which is written to `pins` then.
 * @throws CommandError 'hash' when it differs; a downloaded file is removed, so that the next try is a fresh one
 */
export function checkHash(file: PublishedFile, path: string, pins: string, downloaded: boolean): Pinned {
  const sha256 = sha256OfFile(path);
  const known: Record<string, string> = existsSync(pins) ? JSON.parse(readFileSync(pins, 'utf8')) : {};
  const expected = file.sha256 ?? known[file.name];
  if (expected === undefined) {
    writeFileSync(pins, `${JSON.stringify({ ...known, [file.name]: sha256 }, null, 2)}\n`);
    return { sha256, firstUse: true };
  }
  if (sha256 === expected) return { sha256, firstUse: false };
  if (downloaded) rmSync(path);
  const since = file.sha256 ? 'known for it' : `it had at its first use (${pins})`;
  throw new CommandError(
    'hash',
    `${path}: its SHA-256 is ${sha256}, not ${expected}, which is ${since}. The file is damaged, or was replaced at its source` +
      `${file.sha256 ? '.' : '; if you know why and trust the new one, remove the entry and run again.'}`
  );
}
