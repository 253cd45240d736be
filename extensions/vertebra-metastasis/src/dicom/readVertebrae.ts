import {
  detectLabelScheme,
  InputError,
  isOtherStructure,
  labelExtents,
  levelFromLabel,
  levelOrder,
  undecidedLabels,
} from '../core';
import type { Labelmap } from '../core';
import type { CtSeries } from './ctSeries';
import { describe, items, number, requiredNumber } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { checkIdentity, type Overlap, placeSegmentation } from './segmentation';
import { labelValueOfSegment, segmentName, vertebraOfSegment } from './vertebraSegments';
import type { VertebraSegment } from './vertebraSegments';

export interface VertebraMask extends VertebraSegment {
  readonly voxels: number;
}

/** Why a segment is not used: it is no vertebra, its level has a body mask, or its mask is empty. */
export type UnusedReason = 'not-recognised' | 'body-used' | 'empty';

/** Vertebra masks of a SEG on the CT grid. */
export interface VertebraMasks {
  /** Value = `label` of a vertebra (its SegmentNumber); only usable vertebrae are in it. */
  readonly labelmap: Labelmap;
  /** From head to pelvis; a suggestion the user may correct. */
  readonly vertebrae: readonly VertebraMask[];
  /** Recognised or not, why a segment is not used. */
  readonly unused: readonly { readonly label: number; readonly name: string; readonly reason: UnusedReason }[];
  /** Voxels claimed twice; each went to the lower segment number. */
  readonly overlappingVoxels: number;
  /** The same by pairs. */
  readonly overlaps: readonly Overlap[];
}

/**
 * Reads vertebra masks from a DICOM SEG. Where a level has both a body and a whole-vertebra mask, the body is used.
 * @param seg with PixelData (see `decodeFile`)
 * @throws InputError no-vertebrae (nothing recognised), empty-mask (all recognised masks are empty), frame-of-reference,
 *   seg-grid, not-seg, no-pixel-data, pixel-data-length, compressed-pixel-data, ambiguous-labels
 */
export function readVertebrae(seg: NaturalizedInstance, series: CtSeries): VertebraMasks {
  checkIdentity(seg, series);
  const segments = items(seg, 'SegmentSequence').filter(segment => number(segment, 'SegmentNumber') !== 0);
  const recognised = segments.flatMap(segment => vertebraOfSegment(segment) ?? []);
  const found = recognised.length > 0 ? recognised : byLabelValue(seg, series, segments);
  if (found.length === 0) {
    const names = segments.slice(0, 8).map(segmentName);
    throw new InputError('no-vertebrae', { object: describe(seg), segments: names });
  }
  const chosen = found.filter(
    one => one.region === 'body' || !found.some(other => other.level === one.level && other.region === 'body')
  );
  const placed = placeSegmentation(seg, series, new Set(chosen.map(({ label }) => label)));
  const vertebrae = chosen
    .map(one => ({ ...one, voxels: placed.voxels.get(one.label) ?? 0 }))
    .filter(({ voxels }) => voxels > 0)
    .sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || a.label - b.label);
  if (vertebrae.length === 0) {
    throw new InputError('empty-mask', { mask: chosen.map(({ name }) => name).join(', ') });
  }
  const unused = segments.flatMap(segment => {
    const label = requiredNumber(segment, 'SegmentNumber');
    const reason = whyUnused(label, found, chosen, vertebrae);
    return reason ? [{ label, name: segmentName(segment), reason }] : [];
  });
  return {
    labelmap: placed.labelmap,
    vertebrae,
    unused,
    overlappingVoxels: placed.overlappingVoxels,
    overlaps: placed.overlaps,
  };
}

function whyUnused(
  label: number,
  found: readonly VertebraSegment[],
  chosen: readonly VertebraSegment[],
  vertebrae: readonly VertebraSegment[]
): UnusedReason | undefined {
  const among = (list: readonly VertebraSegment[]) => list.some(one => one.label === label);
  if (!among(found)) return 'not-recognised';
  if (!among(chosen)) return 'body-used';
  return among(vertebrae) ? undefined : 'empty';
}

/** Segments called by an integer only: the label scheme (VerSe, TotalSegmentator) follows from values and positions. */
function byLabelValue(
  seg: NaturalizedInstance,
  series: CtSeries,
  segments: readonly NaturalizedInstance[]
): VertebraSegment[] {
  const valueOf = new Map<number, number>();
  for (const segment of segments) {
    const value = labelValueOfSegment(segment);
    if (value !== undefined) valueOf.set(requiredNumber(segment, 'SegmentNumber'), value);
  }
  if (valueOf.size === 0) return [];
  const placed = placeSegmentation(seg, series, new Set(valueOf.keys()));
  const extents = [...labelExtents(placed.labelmap).values()];
  if (extents.length === 0) throw new InputError('empty-mask', { mask: describe(seg) });
  const scheme = detectLabelScheme(extents.map(extent => ({ ...extent, label: valueOf.get(extent.label)! })));
  const undecided = undecidedLabels(valueOf.values(), scheme);
  return segments.flatMap(segment => {
    const label = requiredNumber(segment, 'SegmentNumber');
    const value = valueOf.get(label);
    const unclear = value === undefined || isOtherStructure(value, scheme) || undecided.includes(value);
    const level = unclear ? undefined : levelFromLabel(value, scheme);
    return level ? [{ label, level, region: 'vertebra' as const, name: segmentName(segment) }] : [];
  });
}

/** What is to be said about masks that share voxels: 'masks-overlap', once for each pair of levels. */
export function overlapNotes({ vertebrae, overlaps }: Pick<VertebraMasks, 'vertebrae' | 'overlaps'>): InputError[] {
  const levelOf = (label: number) => vertebrae.find(one => one.label === label)?.level ?? `segment ${label}`;
  const pairs = new Map<string, { names: string[]; voxels: number; owner: string }>();
  for (const { labels, voxels } of overlaps) {
    const [owner, other] = labels.map(levelOf);
    const names = [owner, other].sort();
    const key = names.join(' ');
    pairs.set(key, { names, owner, voxels: voxels + (pairs.get(key)?.voxels ?? 0) });
  }
  return [...pairs.values()].map(pair => new InputError('masks-overlap', pair));
}
