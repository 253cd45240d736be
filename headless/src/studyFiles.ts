/** The files of an analysis, made by the writers of the panel's export tab. */
import { join } from 'node:path';
import { type Labelmap, RESEARCH_NOTICE, type StudyReport } from '@spine/core';
import {
  bodiesObject,
  type ContourOptions,
  contoursObject,
  encodeDataset,
  lesionsObject,
  measurementTables,
  type NaturalizedInstance,
  reportObject,
  type ResultToWrite,
} from '@spine/dicom';
import { UsageError } from './cli';
import { labelsOnGrid } from './grids';
import { encodeNiftiLabelmap } from './nifti';
import type { ResultFiles, ResultName } from './resultFolder';
import type { CtSource } from './studySource';

/** What --export offers, and the files of each. */
export const EXPORTS = {
  seg: ['bodies.dcm', 'lesions.dcm', 'no-lesion.dcm'],
  rtstruct: ['contours.dcm'],
  sr: ['measurements.dcm'],
  csv: ['measurements.csv'],
  json: ['measurements.json'],
} as const satisfies Record<string, readonly ResultName[]>;

export type Export = keyof typeof EXPORTS;
export const DEFAULT_EXPORTS = 'seg,sr,rtstruct,json';

/** As the panel starts with them. */
const CONTOURS: ContourOptions = { toleranceMm: 0, marginMm: 0, clipMarginToBody: false, includeBodies: false };

/** "seg,sr" @throws UsageError */
export function parseExports(text: string): ReadonlySet<Export> {
  const asked = text.split(',').map(one => one.trim().toLowerCase());
  const unknown = asked.filter(one => !(one in EXPORTS));
  if (unknown.length > 0) {
    throw new UsageError(`--export ${text}: give one or more of ${Object.keys(EXPORTS).join(',')}`);
  }
  // The report refers to the segments, so the segmentation comes with it, as from the panel.
  return new Set([...asked, ...(asked.includes('sr') ? ['seg'] : [])] as Export[]);
}

/** What a run may write, besides what it finds. */
export function namesToWrite(formats: ReadonlySet<Export>, convertsCt: boolean): ResultName[] {
  const dicom = [...formats].some(one => EXPORTS[one].some(name => name.endsWith('.dcm')));
  return [
    'report.json',
    'lesions.nii.gz',
    ...[...formats].flatMap(one => [...EXPORTS[one]]),
    ...(convertsCt && dicom ? (['ct'] as const) : []),
  ];
}

/** UIDs of one file's object, in the order in which it needs them: its own, its series', others. */
export type FileUids = (file: string) => () => string;

/** What is written: the result, and what the panel needs to go on with it. */
export interface StudyResult {
  readonly result: ResultToWrite;
  /** See `LesionSegInput`. */
  readonly state?: unknown;
}

/**
 * The files by name. Without lesions there is neither lesions.dcm nor contours.dcm (neither may be empty): the structured report then says
 * that none was marked and refers to no-lesion.dcm, which holds the analysed bodies and opens in the panel as the result.
 */
export function studyFiles(
  ct: CtSource,
  report: StudyReport,
  { result, state }: StudyResult,
  formats: ReadonlySet<Export>,
  uids?: FileUids
): ResultFiles {
  const files = new Map<string, Uint8Array | string | (() => Uint8Array)>([
    ['report.json', `${JSON.stringify(report, null, 2)}\n`],
    ['lesions.nii.gz', encodeNiftiLabelmap(onInputGrid(result.labelmap, ct), RESEARCH_NOTICE)],
  ]);
  const identity = (name: string) => ({ newUid: uids?.(name) });
  const add = (name: ResultName, object: NaturalizedInstance) => {
    files.set(name, encoded(object));
    return object;
  };
  const hasLesions = result.lesions.length > 0;
  const name = hasLesions ? 'lesions.dcm' : 'no-lesion.dcm';
  const seg = hasLesions || result.bodies ? lesionsObject(result, { ...identity(name), state }) : undefined;
  if (formats.has('seg')) {
    if (seg) add(name, seg);
    if (result.bodies) add('bodies.dcm', bodiesObject(result, identity('bodies.dcm')));
  }
  if (formats.has('rtstruct') && hasLesions) {
    add('contours.dcm', contoursObject(result, CONTOURS, identity('contours.dcm')));
  }
  if (formats.has('sr') && seg) {
    add('measurements.dcm', reportObject(result, ct.volume, seg, identity('measurements.dcm')));
  }
  if (formats.has('csv') || formats.has('json')) {
    const { csv, json } = measurementTables(result, ct.volume, formats.has('seg') && hasLesions ? seg : undefined);
    if (formats.has('csv')) files.set('measurements.csv', csv);
    if (formats.has('json')) files.set('measurements.json', `${json}\n`);
  }
  if ([...files.keys()].some(name => name.endsWith('.dcm'))) {
    ct.converted.forEach((instance, k) => {
      files.set(`ct/${String(k + 1).padStart(4, '0')}.dcm`, () => encoded(instance));
    });
  }
  return files;
}

const KINDS: Readonly<Record<string, ResultName>> = {
  report: 'report.json',
  nifti: 'lesions.nii.gz',
  seg: 'lesions.dcm',
  noLesion: 'no-lesion.dcm',
  bodies: 'bodies.dcm',
  rtstruct: 'contours.dcm',
  sr: 'measurements.dcm',
  csv: 'measurements.csv',
  json: 'measurements.json',
};

/** The paths of what was written, by its kind, for scripts. */
export function pathsByKind(out: string, files: ResultFiles): Record<string, string> {
  const written = Object.entries(KINDS).filter(([, name]) => files.has(name));
  const ct = [...files.keys()].some(name => name.startsWith('ct/')) ? [['ct', 'ct']] : [];
  return Object.fromEntries([...written, ...ct].map(([kind, name]) => [kind, join(out, name)]));
}

const encoded = (object: NaturalizedInstance): Uint8Array => new Uint8Array(encodeDataset(object));

function onInputGrid(labelmap: Labelmap, { niftiGrid }: CtSource): Labelmap {
  return niftiGrid ? labelsOnGrid(labelmap, niftiGrid) : labelmap;
}
