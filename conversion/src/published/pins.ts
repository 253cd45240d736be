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
 * Compares a file with its known hash, or with the one of its first use.
 * @throws CommandError 'hash' when it differs; a downloaded file is removed, so that the next try is a fresh one
 */
export function checkHash(file: PublishedFile, path: string, pins: string, downloaded: boolean): Pinned {
  const sha256 = sha256OfFile(path);
  const known = readPins(pins);
  const expected = file.sha256 ?? known[file.name];
  if (expected === undefined) return { sha256, firstUse: true };
  if (sha256 === expected) return { sha256, firstUse: false };
  if (downloaded) rmSync(path);
  const since = file.sha256 ? 'the known one' : `that of its first use (${pins})`;
  throw new CommandError(
    'hash',
    `${path}: its SHA-256 is ${sha256}, not ${expected}, ${since}. The file is damaged, or was replaced at its source` +
      `${file.sha256 ? '.' : '; if you know why and trust the new one, remove the entry and run again.'}`
  );
}

/** Writes the hashes of first uses, by file name: once the files have proved to be a model, or a damaged one would be expected. */
export function pin(pins: string, hashes: Readonly<Record<string, string>>): void {
  if (!Object.keys(hashes).length) return;
  writeFileSync(pins, `${JSON.stringify({ ...readPins(pins), ...hashes }, null, 2)}\n`);
}

function readPins(pins: string): Record<string, string> {
  if (!existsSync(pins)) return {};
  try {
    return JSON.parse(readFileSync(pins, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw new CommandError(
      'hash',
      `${pins}: cannot be read as JSON (${(error as Error).message}); correct or remove it`
    );
  }
}
