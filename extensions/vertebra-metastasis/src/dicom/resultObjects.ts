/** The objects and tables made of a result, whoever writes them: the panel, the command line, a cohort. */
import { InputError } from '../core';
import type { Labelmap, NotAssessed, Provenance, ReviewSummary, VertebraLevel, Volume } from '../core';
import { bodySeg, noLesionSeg } from './bodySeg';
import type { ObjectContext } from './context';
import type { CtSeries } from './ctSeries';
import type { NaturalizedInstance } from './dataset';
import { text } from './dataset';
import { keyImages } from './keyImages';
import { lesionSeg } from './lesionSeg';
import type { LesionToWrite } from './lesionTypes';
import { measurementReport } from './measurementReport';
import { measurementsTable } from './measurementsTable';
import type { MeasurementsTable } from './measurementsTable';
import type { BodyMasks } from './rois';
import { rtStruct } from './rtStruct';

/** A result as all of its files need it; on the grid of the series. */
export interface ResultToWrite {
  readonly series: CtSeries;
  readonly provenance: Provenance;
  /** Values are the lesions' indices. */
  readonly labelmap: Labelmap;
  readonly lesions: readonly LesionToWrite[];
  /** The bodies it is about. */
  readonly bodies?: BodyMasks;
  /** Levels whose bodies were analysed; nothing is said of others. */
  readonly analysed: readonly VertebraLevel[];
  /** What it says nothing about. */
  readonly notAssessed: readonly NotAssessed[];
  /** What a person decided. */
  readonly review?: ReviewSummary;
  /** Who saves: DICOM person name. */
  readonly contentCreatorName?: string;
}

/** Which save of its kind an object is, and what makes it reproducible. */
export type ObjectIdentity = Pick<ObjectContext, 'version' | 'now' | 'newUid'>;

export interface ContourOptions {
  /** See `RtStructInput`. */
  readonly toleranceMm: number;
  readonly marginMm: number;
  readonly clipMarginToBody: boolean;
  readonly includeBodies: boolean;
}

type SegEncoding = 'BINARY' | 'LABELMAP';

const contextOf = ({ series, provenance, notAssessed, contentCreatorName }: ResultToWrite, identity: ObjectIdentity) =>
  ({ ...provenance, series, notAssessed, contentCreatorName, ...identity }) satisfies ObjectContext;

/** @throws InputError 'no-bodies' */
function neededBodies({ bodies }: ResultToWrite): BodyMasks {
  if (bodies) return bodies;
  throw new InputError('no-bodies');
}

/**
 * The lesions; without any, the bodies that were analysed stand for the result.
 * @param state see `LesionSegInput`
 * @throws InputError what `lesionSeg` throws; 'no-bodies'
 */
export function lesionsObject(
  result: ResultToWrite,
  { encoding, state, ...identity }: ObjectIdentity & { readonly encoding?: SegEncoding; readonly state?: unknown } = {}
): NaturalizedInstance {
  const shared = { ...contextOf(result, identity), encoding, state };
  const { labelmap, lesions: segments } = result;
  if (segments.length > 0) return lesionSeg({ ...shared, labelmap, segments });
  const { labelmap: bodies, vertebrae } = neededBodies(result);
  return noLesionSeg({ ...shared, bodies, vertebrae });
}

/** The bodies that were analysed. @throws InputError 'no-bodies', and what `bodySeg` throws */
export function bodiesObject(
  result: ResultToWrite,
  { encoding, ...identity }: ObjectIdentity & { readonly encoding?: SegEncoding } = {}
): NaturalizedInstance {
  const { labelmap: bodies, vertebrae } = neededBodies(result);
  return bodySeg({ ...contextOf(result, identity), bodies, vertebrae, encoding });
}

/** The structure set. @throws InputError what `rtStruct` throws; 'no-bodies' where the options need them */
export function contoursObject(
  result: ResultToWrite,
  { toleranceMm, marginMm, clipMarginToBody, includeBodies }: ContourOptions,
  identity: ObjectIdentity = {}
): NaturalizedInstance {
  const clip = clipMarginToBody && marginMm > 0;
  return rtStruct({
    ...contextOf(result, identity),
    toleranceMm,
    marginMm,
    clipMarginToBody: clip,
    labelmap: result.labelmap,
    lesions: result.lesions,
    contourBodies: includeBodies,
    ...(includeBodies || clip ? { bodies: neededBodies(result) } : {}),
  });
}

/**
 * The structured report.
 * @param volume the CT, for the measurements
 * @param seg the segmentation it refers to
 * @throws InputError what `measurementReport` throws
 */
export function reportObject(
  result: ResultToWrite,
  volume: Volume,
  seg: NaturalizedInstance,
  identity: ObjectIdentity = {}
): NaturalizedInstance {
  return measurementReport({ ...measurementInput(result, volume), ...identity, seg });
}

/** A picture of each lesion. @param volume the CT @throws InputError 'no-lesions' */
export function keyImageObjects(
  result: ResultToWrite,
  volume: Volume,
  identity: ObjectIdentity = {}
): NaturalizedInstance[] {
  if (result.lesions.length === 0) throw new InputError('no-lesions');
  return keyImages({ ...measurementInput(result, volume), ...identity });
}

/** The numbers of the structured report as tables. @param seg absent when the lesions were not saved as they are */
export function measurementTables(
  result: ResultToWrite,
  volume: Volume,
  seg?: NaturalizedInstance,
  identity: ObjectIdentity = {}
): MeasurementsTable {
  return measurementsTable({ ...measurementInput(result, volume), ...identity, seg });
}

function measurementInput(result: ResultToWrite, volume: Volume) {
  const { labelmap, lesions, analysed, review } = result;
  return { ...contextOf(result, {}), volume, labelmap, lesions, analysed, review };
}

/** "2025-03-10-seg-vertebral-lesions-v1-research-use-only.dcm": date of the study, kind and series, without anything of the patient. */
export const objectFileName = (object: NaturalizedInstance): string =>
  `${resultFileName(object, `${text(object, 'Modality')} ${text(object, 'SeriesDescription')}`)}.dcm`;

/** Words as a file name, after the date of the study where it has one. @param ofStudy any instance of it */
export function resultFileName(ofStudy: NaturalizedInstance, words: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text(ofStudy, 'StudyDate')) ?? [];
  return [year, month, day, words.toLowerCase()]
    .filter(Boolean)
    .join('-')
    .replace(/[^a-z0-9]+/g, '-');
}
