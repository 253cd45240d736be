/** What makes a result the same result: the images, the model and the settings. */
import { createHash } from 'node:crypto';

export interface JobIdentity {
  readonly study: string;
  readonly series: string;
  /** SOP Instance UIDs of the series, in any order: a series that grows is another one. */
  readonly instances: readonly string[];
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  /** Options of the analysis that change its result. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Hex SHA-256 over the identity, independent of the order of instances and settings. */
export function jobKey({ study, series, instances, model, settings }: JobIdentity): string {
  const parts = [study, series, [...instances].sort(), [model.id, model.version, model.sha256], sorted(settings)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A UUID (RFC 9562, version 8) made of the key, so that a job that is sent twice is one job. */
export function jobUuid(key: string): string {
  const hex = `${key.slice(0, 12)}8${key.slice(13, 16)}8${key.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A DICOM UID (PS3.5 B.2, 2.25) of one object of the result: storing it again is no second object. */
export function resultUid(key: string, name: string): string {
  const digest = createHash('sha256').update(`${key}/${name}`).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${digest}`)}`;
}

/** The UIDs of a file's object in the order it asks for them, so that the same result is one result everywhere. */
export const objectUids = (key: string) => (file: string) => {
  const names = [file, `${file} series`];
  let asked = 0;
  return () => {
    const name = names[asked] ?? `${file} ${asked + 1}`;
    asked++;
    return resultUid(key, name);
  };
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
