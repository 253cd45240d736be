/** A file of the assembled viewer that a site may edit in place. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Remembers in the target what the assembly wrote, so that edits are told from an older version. */
const RECORD = 'assembled.json';

/**
 * Writes the file unless someone edited it since it was written last.
 * @param target folder of the assembled viewer
 * @returns what the user should know, if anything
 */
export function writeSiteFile(target: string, name: string, text: string): string | undefined {
  const file = join(target, name);
  const record = recordOf(target);
  const found = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (found !== undefined && found !== text && record[name] && record[name] !== hash(found)) {
    writeFileSync(join(target, `${name}.new`), text);
    return `${file} was edited and stays as it is; the file of this version is beside it as ${name}.new.`;
  }
  let note: string | undefined;
  if (found !== undefined && found !== text && !record[name]) {
    renameSync(file, `${file}.old`);
    note = `${file} is new; the one that was there is now ${name}.old.`;
  }
  writeFileSync(file, text);
  writeFileSync(join(target, RECORD), `${JSON.stringify({ ...record, [name]: hash(text) })}\n`);
  return note;
}

/** Files that {@link writeSiteFile} leaves in the target. */
export const siteFiles = (name: string): string[] => [name, `${name}.new`, `${name}.old`, RECORD];

function recordOf(target: string): Record<string, string> {
  const file = join(target, RECORD);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
