/**
 * The folder that an analysis writes to. What lies there afterwards is of one run: files are written beside and moved in together, the
 * report last, and results of an earlier run go. Files of others are never touched.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '@spine/core';
import { PRODUCT } from '@spine/dicom';
import { CONVERTED_BY } from './ctDicom';

type Content = Uint8Array | string;

/** Relative path ('/' separates) -> content, made when it is written where it is large. */
export type ResultFiles = ReadonlyMap<string, Content | (() => Content)>;

/** Everything an analysis may write; the first is moved in last, so that where it is, the others are of the same run. */
export const RESULT_NAMES = [
  ...[
    'report.json',
    'lesions.nii.gz',
    'lesions.dcm',
    'no-lesion.dcm',
    'bodies.dcm',
    'contours.dcm',
    'measurements.dcm',
  ],
  ...['measurements.csv', 'measurements.json', 'vertebrae-found.json', 'vertebrae-found.nii.gz', 'ct'],
] as const;

export type ResultName = (typeof RESULT_NAMES)[number];

const STAGING = '.spine-writing-';
/** Writing takes seconds; a staging folder this old was left by a run that was killed. */
const STALE_MS = 600_000;

/**
 * Whether results can be written, asked before hours of computing. Leaves nothing behind.
 * @param inputs what is read; results may neither lie in such a folder nor replace such a file
 * @param names what the run will write
 * @throws InputError 'out-is-file', 'out-in-input', 'foreign-result', 'not-writable'
 */
export function checkResultFolder(out: string, inputs: readonly string[], names: readonly ResultName[]): void {
  const place = existing(out);
  if (!statSync(place).isDirectory()) throw new InputError('out-is-file', {}, { file: place });
  const real = join(realpathSync(place), relative(place, resolve(out)));
  for (const input of inputs.filter(path => existsSync(path))) {
    const from = realpathSync(input);
    if (statSync(from).isDirectory() && isWithin(real, from)) {
      throw new InputError('out-in-input', { input }, { file: out });
    }
  }
  const taken = names.filter(name => existsSync(join(out, name)) && !isOwn(out, name, inputs));
  if (taken.length > 0) throw new InputError('foreign-result', { names: taken }, { file: out });
  try {
    rmSync(mkdtempSync(join(place, STAGING)), { recursive: true });
  } catch (error) {
    throw new InputError('not-writable', { reason: messageOf(error) }, { file: out });
  }
}

/** The path, or the nearest folder above it that is there. @throws InputError 'not-writable' for a link that leads nowhere */
function existing(out: string): string {
  let place = resolve(out);
  while (!existsSync(place)) {
    if (isLink(place)) {
      throw new InputError('not-writable', { reason: 'it is a link that leads nowhere' }, { file: place });
    }
    place = dirname(place);
  }
  return place;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/**
 * Replaces the results of an earlier run by these.
 * @param inputs what was read; it stays, also where it lies among the results of an earlier run
 * @throws InputError 'not-written'; the folder is then as it was
 */
export function writeResults(out: string, files: ResultFiles, inputs: readonly string[] = []): void {
  const created = firstMissing(out);
  let staging: string | undefined;
  try {
    mkdirSync(out, { recursive: true });
    removeStale(out);
    staging = mkdtempSync(join(out, STAGING));
    const [fresh, former] = [join(staging, 'new'), join(staging, 'former')];
    mkdirSync(fresh);
    mkdirSync(former);
    for (const [name, content] of files) {
      writeDurably(join(fresh, ...name.split('/')), typeof content === 'function' ? content() : content);
    }
    replace(out, fresh, former, inputs);
    syncFolder(out);
  } catch (error) {
    if (created) rmSync(created, { recursive: true, force: true });
    throw error instanceof InputError
      ? error
      : new InputError('not-written', { reason: messageOf(error) }, { file: out });
  } finally {
    if (staging) rmSync(staging, { recursive: true, force: true });
  }
}

/** The uppermost folder that writing has to make. */
function firstMissing(out: string): string | undefined {
  let missing: string | undefined;
  for (let at = resolve(out); !existsSync(at); at = dirname(at)) missing = at;
  return missing;
}

function removeStale(out: string): void {
  for (const name of readdirSync(out).filter(one => one.startsWith(STAGING))) {
    if (Date.now() - statSync(join(out, name)).mtimeMs > STALE_MS) rmSync(join(out, name), { recursive: true });
  }
}

function writeDurably(path: string, content: Content): void {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Renames only: takes no space and no time. The report goes first and comes last. */
function replace(out: string, fresh: string, former: string, inputs: readonly string[]): void {
  const done: (() => void)[] = [];
  const move = (from: string, to: string) => {
    renameSync(from, to);
    done.unshift(() => renameSync(to, from));
  };
  try {
    const own = RESULT_NAMES.filter(
      name => lstatSync(join(out, name), { throwIfNoEntry: false }) && isOwn(out, name, inputs)
    );
    for (const name of own) move(join(out, name), join(former, name));
    for (const name of [...RESULT_NAMES].reverse()) {
      if (!existsSync(join(fresh, name))) continue;
      // Renaming would replace a file of others that came while the analysis ran.
      if (existsSync(join(out, name))) throw new InputError('foreign-result', { names: [name] }, { file: out });
      move(join(fresh, name), join(out, name));
    }
  } catch (error) {
    for (const undo of done) undo();
    throw error;
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // Some network file systems cannot; the files themselves are on the disk.
  } finally {
    closeSync(handle);
  }
}

/** Whether an earlier run wrote it, and it is not what this run reads. */
function isOwn(out: string, name: ResultName, inputs: readonly string[]): boolean {
  const path = join(out, name);
  if (inputs.some(input => existsSync(input) && realpathSync(input) === realpathSync(path))) return false;
  try {
    if (name === 'ct')
      return readdirSync(path).length > 0 && readdirSync(path).every(file => isConverted(join(path, file)));
    return statSync(path).isFile() && OWN[name](path);
  } catch {
    return false;
  }
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const isObject = (path: string) => head(path, 8192).includes(PRODUCT);
const isConverted = (path: string) => /^\d+\.dcm$/.test(basename(path)) && head(path, 8192).includes(CONVERTED_BY);
const isReport = (path: string) => json(path).researchUseOnly === true;

const OWN: Readonly<Record<Exclude<ResultName, 'ct'>, (path: string) => boolean>> = {
  'report.json': isReport,
  'lesions.nii.gz': path => /research use only/i.test(description(path)),
  'lesions.dcm': isObject,
  'no-lesion.dcm': isObject,
  'bodies.dcm': isObject,
  'contours.dcm': isObject,
  'measurements.dcm': isObject,
  'measurements.csv': path => head(path, 64).startsWith('segment,label,level,kind,'),
  'measurements.json': isReport,
  'vertebrae-found.json': path => /found automatically/i.test(String(json(path).note)),
  // People correct these masks and save them under the same name: only untouched ones are ours.
  'vertebrae-found.nii.gz': path =>
    json(join(dirname(path), 'vertebrae-found.json')).masksSha256 === sha256(readFileSync(path)),
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function head(path: string, length: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}

/** Of a gzipped NIfTI-1 file. */
const description = (path: string): string => gunzipSync(readFileSync(path)).toString('latin1', 148, 228);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
