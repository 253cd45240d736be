/** The lesions of a study as one labelmap with one segment per vertebra and kind. Pure; arrays given in are not modified. */
import { LESION_KINDS } from '../../core/kinds';
import {
  type Labelmap,
  labelMillilitres,
  reportedMillilitres,
  levelFromName,
  levelOrder,
  type LesionKind,
  type LesionName,
  type VertebraLevel,
} from '../../core';
import { type AlgorithmType, type LesionSegContent, newUid } from '../../dicom';

export interface LesionEntry {
  /** Value in the labelmap; contiguous from 1. */
  readonly index: number;
  readonly level: VertebraLevel;
  /** Mask the vertebra has in the SEG of the vertebrae; absent for what was read back or drawn. */
  readonly vertebraLabel?: number;
  readonly kind: LesionKind;
  readonly voxels: number;
  readonly millilitres: number;
  /** Largest attribution score in it; absent when drawn by a person. */
  readonly score?: number;
  readonly algorithmType: AlgorithmType;
  /** Identity of the lesion across edits, saves and follow-up studies. */
  readonly trackingId: string;
  readonly trackingUid: string;
  readonly confirmed?: boolean;
}

export interface LesionMap {
  /** On the CT grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis, lytic before blastic; none empty. */
  readonly segments: readonly LesionEntry[];
}

/** No lesion yet, on the grid of a volume or labelmap. */
export function emptyMap({ dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>): LesionMap {
  return { labelmap: { dims, indexToLps, labels: new Uint8Array(dims[0] * dims[1] * dims[2]) }, segments: [] };
}

/** The map with an empty segment for a lesion to be painted, where there is none yet; and that segment's index. */
export function withSegmentFor(
  map: LesionMap,
  target: LesionName
): { readonly map: LesionMap; readonly index: number } {
  const { vertebraLabel, level, kind } = target;
  const same = (one: LesionEntry) =>
    one.kind === kind && (one.vertebraLabel ?? vertebraLabel) === vertebraLabel && one.level === level;
  const known = map.segments.find(same);
  if (known) return { map, index: known.index };
  const index = map.segments.length + 1;
  const entry: LesionEntry = {
    ...{ index, level, vertebraLabel, kind, voxels: 0, millilitres: 0 },
    ...{ algorithmType: 'MANUAL', trackingId: `${level} ${kind} lesion`, trackingUid: newUid() },
  };
  return { map: { ...map, segments: [...map.segments, entry] }, index };
}

/** What a stored SEG held. @param slicePositionsMm of the CT it lies on */
export function storedMap({ labelmap, segments }: LesionSegContent, slicePositionsMm?: ArrayLike<number>): LesionMap {
  return tidy({ labelmap, segments }, slicePositionsMm);
}

/** What a segment's name says, e.g. "L1 blastic lesion". */
export function lesionFromName(name: string): { level: VertebraLevel; kind: LesionKind } | undefined {
  const level = levelFromName(name);
  const lytic = /lytic|lytisch|osteolys/i.test(name);
  const blastic = /blastic|blastisch|sclero/i.test(name);
  if (!level || lytic === blastic) return undefined;
  return { level, kind: lytic ? 'lytic' : 'blastic' };
}

/**
 * Counts voxels, drops empty segments, joins segments of one vertebra and kind, sorts and renumbers from 1.
 */
function tidy({ labelmap, segments }: LesionMap, slicePositionsMm?: ArrayLike<number>): LesionMap {
  // A file of the command line has a segment for each lesion, however many.
  const values = 1 + Math.max(0, ...segments.map(({ index }) => index));
  const counts = new Uint32Array(values);
  for (const label of labelmap.labels) counts[label]++;
  const millilitres = labelMillilitres(labelmap, slicePositionsMm);
  const counted = segments
    .map(segment => ({ ...segment, voxels: counts[segment.index], millilitres: millilitres.get(segment.index) ?? 0 }))
    .filter(({ voxels }) => voxels > 0)
    .sort(
      (a, b) => levelOrder(a.level) - levelOrder(b.level) || LESION_KINDS.indexOf(a.kind) - LESION_KINDS.indexOf(b.kind)
    );
  const target = new Uint8Array(values);
  const joined: LesionEntry[] = [];
  for (const segment of counted) {
    const last = joined.at(-1);
    const same = last && last.level === segment.level && last.kind === segment.kind;
    if (same && (last.vertebraLabel ?? segment.vertebraLabel) === (segment.vertebraLabel ?? last.vertebraLabel)) {
      joined[joined.length - 1] = join(last, segment);
    } else joined.push({ ...segment, index: joined.length + 1 });
    target[segment.index] = joined.length;
  }
  const unchanged = counted.every(({ index }) => target[index] === index) && counted.length === joined.length;
  const labels = unchanged ? labelmap.labels : Uint8Array.from(labelmap.labels, label => target[label]);
  return { labelmap: { ...labelmap, labels }, segments: joined };
}

function join(a: LesionEntry, b: LesionEntry): LesionEntry {
  const score = Math.max(a.score ?? -Infinity, b.score ?? -Infinity);
  return {
    ...a,
    voxels: a.voxels + b.voxels,
    millilitres: reportedMillilitres(a.millilitres + b.millilitres),
    ...(Number.isFinite(score) ? { score } : {}),
    algorithmType: a.algorithmType === b.algorithmType ? a.algorithmType : 'SEMIAUTOMATIC',
    confirmed: a.confirmed && b.confirmed,
  };
}
