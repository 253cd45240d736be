import { InputError } from '../core';
import type { Labelmap } from '../core';
import { identityText } from './ctChecks';
import type { CtSeries } from './ctSeries';
import { describe, item, items, number, numbers, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { frameReader } from './segFrames';
import { frameMapper } from './segGrid';
import { dot, vector } from './vector';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
export const LABELMAP_SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

/** Two segment numbers as one key. */
const PAIR = 65536;

/** A SEG on the CT grid. */
export interface PlacedSegmentation {
  /** Value = SegmentNumber. */
  readonly labelmap: Labelmap;
  /** SegmentSequence without the background item of LABELMAP objects. */
  readonly segments: readonly NaturalizedInstance[];
  /** Voxels by SegmentNumber; absent means the segment is empty. */
  readonly voxels: ReadonlyMap<number, number>;
  /** Voxels that several segments claim; they belong to the lowest segment number. */
  readonly overlappingVoxels: number;
  /** The same by pairs of segments. */
  readonly overlaps: readonly Overlap[];
}

export interface Overlap {
  /** SegmentNumbers, ascending; the voxels belong to the first. */
  readonly labels: readonly [number, number];
  readonly voxels: number;
}

/**
 * Places every frame of a DICOM SEG (BINARY, LABELMAP 8/16 bit, or FRACTIONAL cut at one half) on the voxels of a CT by
 * position; order of frames, segments and slices play no part.
 * @param only segment numbers to place; default all. Overlaps count among these alone
 * @throws InputError not-seg, frame-of-reference, seg-grid, no-pixel-data, pixel-data-length, compressed-pixel-data
 */
export function placeSegmentation(
  seg: NaturalizedInstance,
  series: CtSeries,
  only?: ReadonlySet<number>
): PlacedSegmentation {
  checkIdentity(seg, series);
  const segments = items(seg, 'SegmentSequence').filter(segment => number(segment, 'SegmentNumber') !== 0);
  const highest = Math.max(0, ...segments.map(segment => requiredNumber(segment, 'SegmentNumber')));
  const [columns, rows, slices] = series.dims;
  const labels = highest > 255 ? new Uint16Array(columns * rows * slices) : new Uint8Array(columns * rows * slices);
  const mapper = frameMapper(seg, series);
  const reader = frameReader(seg);
  const voxels = new Map<number, number>();
  let overlappingVoxels = 0;
  const pairs = new Map<number, number>();
  const set = (index: number, segment: number) => {
    const before = labels[index];
    if (before === segment) return;
    if (before !== 0) {
      overlappingVoxels++;
      const pair = Math.min(before, segment) * PAIR + Math.max(before, segment);
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      if (before < segment) return;
      voxels.set(before, (voxels.get(before) ?? 1) - 1);
    }
    labels[index] = segment;
    voxels.set(segment, (voxels.get(segment) ?? 0) + 1);
  };
  for (let frame = 0; frame < reader.frames; frame++) {
    const segment = reader.segmentOf(frame);
    if (segment !== undefined && only && !only.has(segment)) continue;
    const { start, columnStep, rowStep, inside } = mapper(frame);
    reader.visit(frame, (column, row, value) => {
      const number = segment ?? value;
      if (only && !only.has(number)) return;
      if (!inside(column, row)) throw new InputError('seg-outside', { object: describe(seg) });
      set(start + column * columnStep + row * rowStep, number);
    });
  }
  return {
    labelmap: { labels, dims: series.dims, indexToLps: series.indexToLps },
    segments,
    voxels,
    overlappingVoxels,
    overlaps: [...pairs].map(([pair, count]) => ({
      labels: [Math.floor(pair / PAIR), pair % PAIR] as const,
      voxels: count,
    })),
  };
}

/** @throws InputError not-seg, frame-of-reference, other-patient, seg-spacing */
export function checkIdentity(seg: NaturalizedInstance, series: CtSeries): void {
  if (text(seg, 'Modality') !== 'SEG') {
    throw new InputError('not-seg', { object: describe(seg) });
  }
  const object = text(seg, 'SeriesDescription') || text(seg, 'ContentLabel');
  const reference =
    text(seg, 'FrameOfReferenceUID') || text(item(seg, 'ReferencedFrameOfReferenceSequence'), 'FrameOfReferenceUID');
  if (reference !== series.frameOfReferenceUID) {
    throw new InputError('frame-of-reference', { object, found: reference, ct: series.frameOfReferenceUID });
  }
  // Names are spelt in many ways, so they count only where there is no identifier to compare.
  const both = (keyword: string) => [seg, series.instances[0]].map(one => identityText(one, keyword));
  const [found, ct] = both('PatientID').every(Boolean) ? both('PatientID') : both('PatientName');
  if (found && ct && found !== ct) throw new InputError('other-patient', { object, found, ct });
  checkFrameSpacing(seg, series, object);
}

/** Frames this much further apart than the slices of the CT were drawn on another CT, of thicker slices. */
const COMB_RATIO = 1.5;

/**
 * A SEG drawn on thick slices meets every other slice of a thin series in the same frame of reference, and would make a comb.
 */
function checkFrameSpacing(seg: NaturalizedInstance, series: CtSeries, object: string): void {
  const referenced = items(seg, 'ReferencedSeriesSequence').map(one => text(one, 'SeriesInstanceUID'));
  if (referenced.includes(series.seriesInstanceUID)) return;
  const along = items(seg, 'PerFrameFunctionalGroupsSequence').flatMap(group => {
    const position = numbers(item(group, 'PlanePositionSequence'), 'ImagePositionPatient');
    return position.length === 3 ? [dot(vector(position), series.directions[2])] : [];
  });
  const places = [...new Set(along.map(mm => Math.round(mm * 100) / 100))].sort((a, b) => a - b);
  const steps = places.slice(1).map((mm, n) => mm - places[n]);
  if (steps.length === 0) return;
  const segMm = Math.min(...steps);
  const ctMm = series.spacingMm[2];
  if (segMm > COMB_RATIO * ctMm)
    throw new InputError('seg-spacing', { object, segMm, ctMm, series: referenced[0] ?? '' });
}
