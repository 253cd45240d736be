import { InputError, labelMillilitres } from '../core';
import type { Labelmap, VertebraLevel } from '../core';
import { isNoLesionSeg } from './bodySeg';
import type { CtSeries } from './ctSeries';
import { CODES, isCode, kindOfSegment, levelOfCode } from './codes';
import { describe, item, items, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import type { AlgorithmType, LesionToWrite } from './lesionTypes';
import { formerScore } from './formerProvenance';
import { readPrivateScores, readPrivateState } from './privateBlock';
import { checkIdentity, placeSegmentation } from './segmentation';

/** A lesion as read back; every field but the score is filled from standard attributes. */
export interface LesionRead extends LesionToWrite {
  readonly label: string;
  readonly voxels: number;
  readonly millilitres: number;
  readonly trackingId: string;
  readonly trackingUid: string;
  readonly confirmed: boolean;
}

export interface LesionSegContent {
  /** On the CT grid; value = index of a segment. */
  readonly labelmap: Labelmap;
  /** Empty for a result without lesions. */
  readonly segments: readonly LesionRead[];
  /** Levels of the bodies a result without lesions is about. */
  readonly withoutLesion?: readonly VertebraLevel[];
  /** What was given as `state` when saving; undefined when there was none or an archive dropped private elements. */
  readonly state: unknown;
  /** True when there is a state that cannot be read. */
  readonly stateDamaged: boolean;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Counts saves from 1 (see ObjectContext.version). */
  readonly version: number;
}

/** True for a SEG this software wrote: it has a segment with our private modifier for lytic, blastic or mixed. */
export function isLesionSeg(seg: NaturalizedInstance): boolean {
  const sequence = seg.SegmentSequence;
  const segments = Array.isArray(sequence) ? [...sequence] : [sequence];
  return segments.some(
    segment => typeof segment === 'object' && segment !== null && kindOfSegment(segment as NaturalizedInstance)
  );
}

/** True for what `readLesionSeg` reads: lesions, or a result without any. */
export const isResultSeg = (seg: NaturalizedInstance): boolean => isLesionSeg(seg) || isNoLesionSeg(seg);

/**
 * Reads our own SEG, so that a study can be continued on another day or workstation.
 * @throws InputError not-our-seg, and what `placeSegmentation` throws
 */
export function readLesionSeg(seg: NaturalizedInstance, series: CtSeries): LesionSegContent {
  if (isNoLesionSeg(seg)) return { ...nothing(seg, series), ...saveOf(seg) };
  if (!isLesionSeg(seg)) {
    throw new InputError('not-our-seg', { object: describe(seg) });
  }
  const placed = placeSegmentation(seg, series);
  const millilitres = labelMillilitres(placed.labelmap, series.slicePositionsMm);
  const scores = readPrivateScores(seg);
  const segments = placed.segments.map(segment => {
    const read = readSegment(segment, placed.voxels, millilitres);
    const score = scores ? scores.get(read.index) : formerScore(text(segment, 'SegmentDescription'));
    return score === undefined ? read : { ...read, score };
  });
  return { labelmap: placed.labelmap, segments, ...saveOf(seg) };
}

function nothing(seg: NaturalizedInstance, series: CtSeries) {
  checkIdentity(seg, series);
  const { dims, indexToLps } = series;
  return {
    labelmap: { labels: new Uint8Array(dims[0] * dims[1] * dims[2]), dims, indexToLps },
    segments: [],
    withoutLesion: items(seg, 'SegmentSequence').flatMap(segment => codedLevel(segment) ?? []),
  };
}

const saveOf = (seg: NaturalizedInstance) => ({
  ...stateOf(seg),
  sopInstanceUID: text(seg, 'SOPInstanceUID'),
  seriesInstanceUID: text(seg, 'SeriesInstanceUID'),
  version: Number(/ v(\d+) - /.exec(text(seg, 'SeriesDescription'))?.[1] ?? 1),
});

/** Voxels and names are worth opening without it. */
function stateOf(seg: NaturalizedInstance): Pick<LesionSegContent, 'state' | 'stateDamaged'> {
  try {
    return { state: readPrivateState(seg), stateDamaged: false };
  } catch {
    return { state: undefined, stateDamaged: true };
  }
}

/** T13, L6 and numbered bodies (V3) have no code of their own; their level stands in the meaning we wrote. */
function codedLevel(segment: NaturalizedInstance): VertebraLevel | undefined {
  const region = item(segment, 'AnatomicRegionSequence');
  return levelOfCode(region) ?? /^([CTLSV]\d+) vertebra$/.exec(text(region, 'CodeMeaning'))?.[1];
}

function readSegment(
  segment: NaturalizedInstance,
  voxels: ReadonlyMap<number, number>,
  millilitres: ReadonlyMap<number, number>
): LesionRead {
  const index = requiredNumber(segment, 'SegmentNumber');
  const label = text(segment, 'SegmentLabel');
  const kind = kindOfSegment(segment);
  const level = codedLevel(segment);
  if (!kind || !level) {
    throw new InputError('changed-segment', { segment: index, label });
  }
  return {
    index,
    label,
    level,
    kind,
    voxels: voxels.get(index) ?? 0,
    millilitres: millilitres.get(index) ?? 0,
    algorithmType: text(segment, 'SegmentAlgorithmType') as AlgorithmType,
    trackingId: text(segment, 'TrackingID'),
    trackingUid: text(segment, 'TrackingUID'),
    confirmed: isCode(item(segment, 'SegmentedPropertyTypeCodeSequence'), CODES.neoplasmSecondary),
  };
}
