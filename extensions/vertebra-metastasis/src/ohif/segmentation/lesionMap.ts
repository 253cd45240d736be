/** The lesions of a study as one labelmap with a segment for each. Pure; arrays given in are not modified. */
import {
  InputError,
  type Labelmap,
  labelMillilitres,
  type Lesion3d,
  type Lesion3dKind,
  type LesionDiameters,
  levelFromName,
  levelOrder,
  type LesionName,
  type VertebraLevel,
} from '../../core';
import { type AlgorithmType, type LesionSegContent, newUid } from '../../dicom';

export interface LesionEntry {
  /** Value in the labelmap; contiguous from 1. */
  readonly index: number;
  readonly level: VertebraLevel;
  /** "T11 blastic 1" */
  readonly label: string;
  /** Mask the vertebra has in the SEG of the vertebrae; absent for what was read back or drawn. */
  readonly vertebraLabel?: number;
  readonly kind: Lesion3dKind;
  readonly voxels: number;
  readonly millilitres: number;
  /** Largest attribution score in it; absent when drawn by a person. */
  readonly score?: number;
  readonly algorithmType: AlgorithmType;
  /** Identity of the lesion across edits, saves and follow-up studies. */
  readonly trackingId: string;
  readonly trackingUid: string;
  readonly confirmed?: boolean;
  readonly diameters?: LesionDiameters;
  /** Volume and diameters are lower bounds: it borders on a part that was not searched. */
  readonly atLeast?: boolean;
  /** What the review knows of it; absent in a stored result as long as its vertebrae are not known. */
  readonly lesion?: Lesion3d;
}

/** The viewer's labelmaps have a byte for each voxel. */
export const MOST_LESIONS = 255;

export interface LesionMap {
  /** On the CT grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis, the largest first within a level; none empty. */
  readonly segments: readonly LesionEntry[];
  /** What a person rejected: not in the labelmap, index 0. */
  readonly rejected?: readonly LesionEntry[];
}

/** What the brush paints. */
export interface PaintTarget extends LesionName {
  /** Of the lesion to go on with, where there are several of the kind. */
  readonly trackingUid?: string;
}

/** No lesion yet, on the grid of a volume or labelmap. */
export function emptyMap({ dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>): LesionMap {
  return { labelmap: { dims, indexToLps, labels: new Uint8Array(dims[0] * dims[1] * dims[2]) }, segments: [] };
}

/** The map with an empty segment for a lesion to be painted, where there is none yet; and that segment's index. */
export function withSegmentFor(
  map: LesionMap,
  target: PaintTarget
): { readonly map: LesionMap; readonly index: number } {
  const { vertebraLabel, level, kind, trackingUid } = target;
  const same = (one: LesionEntry) =>
    one.kind === kind && (one.vertebraLabel ?? vertebraLabel) === vertebraLabel && one.level === level;
  const known = map.segments.find(one => one.trackingUid === trackingUid && same(one)) ?? map.segments.find(same);
  if (known) return { map, index: known.index };
  const index = map.segments.length + 1;
  const entry: LesionEntry = {
    index,
    level,
    vertebraLabel,
    kind,
    voxels: 0,
    millilitres: 0,
    algorithmType: 'MANUAL',
    label: `${level} ${kind} 1`,
    trackingId: `${level} ${kind} 1`,
    trackingUid: newUid(),
  };
  return { map: { ...map, segments: [...map.segments, entry] }, index };
}

/** What a stored SEG held. @param slicePositionsMm of the CT it lies on */
export function storedMap({ labelmap, segments }: LesionSegContent, slicePositionsMm?: ArrayLike<number>): LesionMap {
  return tidy({ labelmap, segments }, slicePositionsMm);
}

/** Segments named by number, "T11 blastic 1", are lesions; "T11 blastic lesion" of former versions holds all of its kind. */
export const isOneLesion = ({ label, lesion }: Pick<LesionEntry, 'label' | 'lesion'>): boolean =>
  lesion !== undefined || / \d+$/.test(label);

/** What a segment's name says, e.g. "L1 blastic lesion". */
export function lesionFromName(name: string): { level: VertebraLevel; kind: Lesion3dKind } | undefined {
  const level = levelFromName(name);
  const lytic = /lytic|lytisch|osteolys/i.test(name);
  const blastic = /blastic|blastisch|sclero/i.test(name);
  if (level && /\b(mixed|gemischt)/i.test(name)) return { level, kind: 'mixed' };
  if (!level || lytic === blastic) return undefined;
  return { level, kind: lytic ? 'lytic' : 'blastic' };
}

/** Counts voxels, drops empty segments, sorts by level and size, and numbers from 1. */
function tidy({ labelmap, segments }: LesionMap, slicePositionsMm?: ArrayLike<number>): LesionMap {
  // A file of the command line may have more segments than fit into a byte.
  const values = 1 + Math.max(0, ...segments.map(({ index }) => index));
  const counts = new Uint32Array(values);
  for (const label of labelmap.labels) counts[label]++;
  const millilitres = labelMillilitres(labelmap, slicePositionsMm);
  const sorted = segments
    .map(segment => ({ ...segment, voxels: counts[segment.index], millilitres: millilitres.get(segment.index) ?? 0 }))
    .filter(({ voxels }) => voxels > 0)
    .sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || b.voxels - a.voxels || a.index - b.index);
  if (sorted.length > MOST_LESIONS)
    throw new InputError('too-many-lesions', { found: sorted.length, most: MOST_LESIONS });
  const target = new Uint8Array(values);
  sorted.forEach((segment, n) => (target[segment.index] = n + 1));
  const unchanged = labelmap.labels instanceof Uint8Array && sorted.every(({ index }) => target[index] === index);
  const labels = unchanged ? labelmap.labels : Uint8Array.from(labelmap.labels, label => target[label]);
  return { labelmap: { ...labelmap, labels }, segments: sorted.map((segment, n) => ({ ...segment, index: n + 1 })) };
}
