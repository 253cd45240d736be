/** DICOM files of a folder: which can be read, which are passed over, and what makes a series of them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '@spine/core';
import { decodeNamedFile, describe, looksLikeDicom, type NaturalizedInstance, peek, text } from '@spine/dicom';
import { fileError } from './fileErrors';

const DICOMDIR = '1.2.840.10008.1.3.10';
const MODALITY = 0x00080060;
const SERIES = 0x0020000e;

/** A DICOM file that cannot be read, with what its beginning tells. */
interface Unreadable {
  readonly file: string;
  readonly error: InputError;
  readonly modality?: string;
  readonly series?: string;
}

export interface DicomFolder {
  readonly instances: readonly NaturalizedInstance[];
  readonly unreadable: readonly Unreadable[];
  /** What was not read and why, in words. */
  readonly passedOver: readonly string[];
}

/** Every file at or below the path, links followed, each file once. @throws InputError 'not-readable' */
export function filesBelow(path: string): string[] {
  const seen = new Set<string>();
  const visit = (at: string): string[] => {
    const real = realpathSync(at);
    if (seen.has(real)) return [];
    seen.add(real);
    if (!statSync(at).isDirectory()) return [at];
    return readdirSync(at)
      .sort()
      .flatMap(name => {
        try {
          return visit(join(at, name));
        } catch {
          // A link that leads nowhere holds no image.
          return [];
        }
      });
  };
  try {
    return visit(path);
  } catch (error) {
    throw notReadable(path, error);
  }
}

export function notReadable(file: string, error: unknown): InputError {
  return new InputError('not-readable', { reason: reasonOf(error) }, { file });
}

/** An error of the file system in words, without the path of the machine it was met on. */
function reasonOf(error: unknown): string {
  return fileError(error)?.reason ?? (error instanceof Error ? error.message.split(',')[0] : String(error));
}

/** Whether a message names a path, or what lies below it. */
const names = (message: string, path: string): boolean =>
  message.split(/[\s“”"(),:;]+/).some(word => word === path || word.startsWith(`${path.replace(/\/+$/, '')}/`));

/** Errors that name no file are of the whole that was read. */
export async function naming<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError) || error.file !== undefined || names(error.message, path)) throw error;
    throw error.in(path);
  }
}

/**
 * All that can be read at or below the path. A copy of a file, byte for byte, counts once.
 * @throws InputError 'not-readable', 'no-dicom'; for one file what makes it unreadable
 */
export function readFolder(path: string): DicomFolder {
  const instances: NaturalizedInstance[] = [];
  const unreadable: Unreadable[] = [];
  const passedOver: string[] = [];
  const hashes = new Set<string>();
  const files = filesBelow(path);
  let foreign = 0;
  for (const file of files) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      throw notReadable(file, error);
    }
    if (!looksLikeDicom(bytes)) {
      foreign++;
      continue;
    }
    const hash = createHash('sha1').update(bytes).digest('hex');
    if (hashes.has(hash)) {
      passedOver.push(`${file}: a copy of another file`);
      continue;
    }
    hashes.add(hash);
    try {
      const instance = decodeNamedFile(bytes, file);
      if (text(instance._meta as NaturalizedInstance, 'MediaStorageSOPClassUID') !== DICOMDIR) instances.push(instance);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const told = peek(bytes, [MODALITY, SERIES]);
      unreadable.push({ file, error: error.in(file), modality: told.get(MODALITY), series: told.get(SERIES) });
    }
  }
  if (instances.length === 0) throw unreadable[0]?.error ?? new InputError('no-dicom', {}, { file: path });
  if (foreign > 0) passedOver.push(`${foreign} file(s) that are no DICOM`);
  return { instances, unreadable, passedOver };
}

/** The DICOM objects at or below the path, all of them readable. @throws InputError as {@link readFolder} */
export function readDicom(path: string): NaturalizedInstance[] {
  const { instances, unreadable } = readFolder(path);
  if (unreadable.length > 0) throw unreadable[0].error;
  return [...instances];
}

/** Which of several series, phases or reconstructions is meant. */
export interface SeriesChoice {
  /** SeriesInstanceUID. */
  readonly series?: string;
  /** Keyword -> value that the images must have, such as AcquisitionNumber -> 2. */
  readonly where?: Readonly<Record<string, string>>;
  /** SeriesInstanceUIDs that a segmentation refers to: of several series, the one among them is meant. */
  readonly referenced?: readonly string[];
}

/**
 * The instances of one series of a modality, and what was passed over for them.
 * @throws InputError 'no-series', 'several-series', and what makes a file of the series unreadable; without any instance of
 *   the modality all are returned, so that the caller's own check can name what they are
 */
export function chooseSeries(
  { instances, unreadable, passedOver }: DicomFolder,
  modality: string,
  { series, where = {}, referenced = [] }: SeriesChoice = {}
): { readonly instances: readonly NaturalizedInstance[]; readonly passedOver: readonly string[] } {
  const ofModality = instances.filter(
    one =>
      text(one, 'Modality') === modality &&
      Object.entries(where).every(([keyword, value]) => valueText(one, keyword) === value)
  );
  if (ofModality.length === 0) {
    if (Object.keys(where).length > 0 && instances.some(one => text(one, 'Modality') === modality)) {
      const [keyword, value] = Object.entries(where)[0];
      const found = [...new Set(instances.map(one => valueText(one, keyword)).filter(Boolean))];
      throw new InputError('no-such-image', { keyword, value, found });
    }
    return { instances, passedOver };
  }
  const bySeries = new Map<string, NaturalizedInstance[]>();
  for (const instance of ofModality) {
    const uid = text(instance, 'SeriesInstanceUID');
    bySeries.set(uid, [...(bySeries.get(uid) ?? []), instance]);
  }
  const chosen = oneOf(bySeries, modality, series, referenced);
  // A file that tells nothing of itself may be a slice of this series.
  const own = unreadable.find(one => (one.modality ?? modality) === modality && (one.series ?? chosen) === chosen);
  if (own) throw own.error;
  const beside = [
    ...unreadable.map(({ error }) => error.message),
    ...[...bySeries].filter(([uid]) => uid !== chosen).map(([uid, list]) => `series ${formatSeries(uid, list)}`),
  ];
  return { instances: bySeries.get(chosen)!, passedOver: [...passedOver, ...beside] };
}

/** SeriesInstanceUID of the one that is meant. */
function oneOf(
  bySeries: ReadonlyMap<string, readonly NaturalizedInstance[]>,
  modality: string,
  series: string | undefined,
  referenced: readonly string[]
): string {
  const found = [...bySeries].map(([uid, list]) => formatSeries(uid, list));
  if (series !== undefined) {
    if (bySeries.has(series)) return series;
    throw new InputError('no-series', { modality, series, found });
  }
  // Scouts and dose pages come as series of their own beside the CT; with them alone the caller's check says what they are.
  const stacks = modality === 'CT' ? [...bySeries].filter(([, list]) => mayBeStack(list)) : [...bySeries];
  const candidates = (stacks.length > 0 ? stacks : [...bySeries]).map(([uid]) => uid);
  // Reconstructions of one study in several thicknesses: masks say on which they were drawn. Copies and other studies are for the user
  // to tell apart.
  const lists = candidates.map(uid => bySeries.get(uid)!);
  const oneStudy = new Set(lists.map(([first]) => text(first, 'StudyInstanceUID'))).size === 1;
  const thicknesses = new Set(lists.map(list => list.reduce((sum, one) => sum + framesIn(one), 0)));
  const meant = candidates.filter(uid => referenced.includes(uid));
  const choice = oneStudy && thicknesses.size === candidates.length && meant.length === 1 ? meant : candidates;
  if (choice.length > 1) throw new InputError('several-series', { modality, found });
  return choice[0];
}

const FEWEST_SLICES = 3;

function mayBeStack(list: readonly NaturalizedInstance[]): boolean {
  const slices = list.filter(
    one => !valueText(one, 'ImageType').includes('LOCALIZER') && text(one, 'SOPClassUID').startsWith(CT_CLASSES)
  );
  return slices.reduce((sum, one) => sum + framesIn(one), 0) >= FEWEST_SLICES;
}

/** CT Image Storage, Enhanced CT and Legacy Converted Enhanced CT. */
const CT_CLASSES = '1.2.840.10008.5.1.4.1.1.2';

const framesIn = (one: NaturalizedInstance): number => Number(text(one, 'NumberOfFrames')) || 1;

/** "1.2.3 (80 images, Abdomen 5.0, patient 4711, 20260102)" */
function formatSeries(uid: string, list: readonly NaturalizedInstance[]): string {
  const images = list.reduce((sum, one) => sum + framesIn(one), 0);
  const [first] = list;
  const parts = [
    `${images} image${images === 1 ? '' : 's'}`,
    text(first, 'SeriesDescription'),
    `patient ${text(first, 'PatientID') || 'without ID'}`,
    text(first, 'StudyDate'),
  ];
  return `${uid} (${parts.filter(Boolean).join(', ')})`;
}

function valueText(instance: NaturalizedInstance, keyword: string): string {
  const value = instance[keyword];
  return (Array.isArray(value) ? value : [value]).map(one => String(one ?? '').trim()).join('\\');
}

/** How a list of files is named in a message. */
export const namesOf = (list: readonly NaturalizedInstance[]): string[] => list.map(one => basename(describe(one)));
