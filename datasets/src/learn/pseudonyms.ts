/** Names for patients and studies that only the key gives back; key and list stay in the folder's `private/`. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import type { Split } from '../vertebrae/split';

export interface Pseudonyms {
  patient(id: string): string;
  study(uid: string): string;
  /** Where earlier runs put patients. */
  readonly splits: ReadonlyMap<string, Split>;
  /** Keeps the splits and the list of patients for later runs. */
  keep(splits: ReadonlyMap<string, Split>): void;
}

export function openPseudonyms(out: string): Pseudonyms {
  const folder = join(out, 'private');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'key');
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const key = readFileSync(keyFile, 'utf8').trim();
  if (key.length < 64) {
    throw new CommandError('key', `${keyFile}: is not whole; put it back from a copy, or choose another --out`);
  }
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('hex');
  const splitsFile = join(folder, 'splits.json');
  const splits: Record<string, Split> = existsSync(splitsFile) ? JSON.parse(readFileSync(splitsFile, 'utf8')) : {};
  const patientsFile = join(folder, 'patients.json');
  const known: Record<string, string> = existsSync(patientsFile) ? JSON.parse(readFileSync(patientsFile, 'utf8')) : {};
  const patients = new Map(Object.entries(known));
  return {
    patient(id) {
      const name = `P${hash(`patient ${id}`).slice(0, 12)}`;
      patients.set(name, id);
      return name;
    },
    study: uid => hash(`study ${uid}`).slice(0, 8),
    splits: new Map(Object.entries(splits)),
    keep(all) {
      writeWhole(splitsFile, { ...splits, ...Object.fromEntries(all) });
      writeWhole(patientsFile, Object.fromEntries(patients));
    },
  };
}

/** A process that is killed leaves the former file, or the new one: never half of one, for who is held out stands in it. */
function writeWhole(file: string, content: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
