/** Names for patients and studies that only the key gives back; key and list stay in the folder's `private/`. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('hex');
  const splitsFile = join(folder, 'splits.json');
  const splits: Record<string, Split> = existsSync(splitsFile) ? JSON.parse(readFileSync(splitsFile, 'utf8')) : {};
  const patients = new Map<string, string>();
  return {
    patient(id) {
      const name = `P${hash(`patient ${id}`).slice(0, 12)}`;
      patients.set(name, id);
      return name;
    },
    study: uid => hash(`study ${uid}`).slice(0, 8),
    splits: new Map(Object.entries(splits)),
    keep(all) {
      const options = { mode: 0o600 };
      writeFileSync(splitsFile, `${JSON.stringify({ ...splits, ...Object.fromEntries(all) }, null, 1)}\n`, options);
      writeFileSync(
        join(folder, 'patients.json'),
        `${JSON.stringify(Object.fromEntries(patients), null, 1)}\n`,
        options
      );
    },
  };
}
