/** The lesions of a study as one labelmap with one segment per vertebra and kind. Pure; arrays given in are not modified. */
import {
  type Labelmap,
  levelFromName,
  levelOrder,
  type LesionKind,
  type LesionLabelmap,
  type VertebraLevel,
  type VertebraTarget,
  voxelMillilitres,
} from '../core';
import { type AlgorithmType, type LesionSegContent, newUid } from '../dicom';

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

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

/** No lesion yet, on the grid of a volume or labelmap. */
export function emptyMap({ dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>): LesionMap {
  return { labelmap: { dims, indexToLps, labels: new Uint8Array(dims[0] * dims[1] * dims[2]) }, segments: [] };
}

/** What a stored SEG held. */
export function storedMap({ labelmap, segments }: LesionSegContent): LesionMap {
  return tidy({ labelmap, segments });
}

/**
 * Puts the fresh lesions of some vertebrae in place of what the map had there; all others stay as they are, edits
 * included. A lesion that was there before keeps its tracking identity.
 * @param vertebrae that were analysed, with lesions or without
 */
export function replaceVertebrae(
  map: LesionMap,
  vertebrae: readonly VertebraTarget[],
  fresh: LesionLabelmap
): LesionMap {
  const kept = map.segments.filter(segment => !vertebrae.some(vertebra => belongsTo(segment, vertebra)));
  const oldIndex = new Uint8Array(256);
  kept.forEach(({ index }, n) => (oldIndex[index] = n + 1));
  const freshIndex = new Uint8Array(256);
  const added = fresh.segments.filter(segment => vertebrae.some(vertebra => belongsTo(segment, vertebra)));
  added.forEach(({ index }, n) => (freshIndex[index] = kept.length + n + 1));
  const labels = map.labelmap.labels.map((label, at) => freshIndex[fresh.labelmap.labels[at]] || oldIndex[label]);
  const segments = [
    ...kept.map((segment, n) => ({ ...segment, index: n + 1 })),
    ...added.map(({ level, vertebraLabel, kind, voxels, millilitres, score }, n): LesionEntry => {
      const vertebra = { label: vertebraLabel, level };
      const before = map.segments.find(segment => belongsTo(segment, vertebra) && segment.kind === kind);
      return {
        ...{ index: kept.length + n + 1, level, vertebraLabel, kind, voxels, millilitres, score },
        algorithmType: 'AUTOMATIC',
        trackingId: before?.trackingId ?? `${level} ${kind} lesion`,
        trackingUid: before?.trackingUid ?? newUid(),
      };
    }),
  ];
  return tidy({ labelmap: { ...map.labelmap, labels }, segments });
}

/** By its mask where that is known, so that two vertebrae may bear one name while names are being corrected. */
export function belongsTo(
  { level, vertebraLabel }: Pick<LesionEntry, 'level' | 'vertebraLabel'>,
  vertebra: VertebraTarget
): boolean {
  return vertebraLabel === undefined ? level === vertebra.level : vertebraLabel === vertebra.label;
}

/** The map with a vertebra called by another level. */
export function renameVertebra(map: LesionMap, vertebra: VertebraTarget, to: VertebraLevel): LesionMap {
  return tidy({
    ...map,
    segments: map.segments.map(segment =>
      belongsTo(segment, vertebra) ? { ...segment, level: to, trackingId: `${to} ${segment.kind} lesion` } : segment
    ),
  });
}

export interface EditedMap {
  readonly map: LesionMap;
  /** Names of segments with voxels whose vertebra or kind cannot be told from their name. */
  readonly unnamed: readonly string[];
}

/**
 * Takes over voxels that a person changed in the viewer. Touched segments become SEMIAUTOMATIC, new ones MANUAL; a new
 * segment is understood when its name says vertebra and kind ("T10 lytic").
 * @param labels the voxels now, with the indices of `map`
 * @param nameOf the segments' names in the viewer
 * @param before the map after the previous edit: lesions drawn then keep their tracking identity
 */
export function editedMap(
  map: LesionMap,
  labels: Labelmap['labels'],
  nameOf: (index: number) => string | undefined,
  before?: LesionMap
): EditedMap {
  const touched = touchedIndices(map.labelmap.labels, labels);
  const known = map.segments.map(
    (segment): LesionEntry =>
      touched.has(segment.index) && segment.algorithmType === 'AUTOMATIC'
        ? { ...segment, algorithmType: 'SEMIAUTOMATIC' }
        : segment
  );
  const unnamed: string[] = [];
  const drawn: LesionEntry[] = [];
  for (const index of touched) {
    if (index === 0 || map.segments.some(segment => segment.index === index) || !labels.includes(index)) continue;
    const name = nameOf(index) ?? `segment ${index}`;
    const lesion = lesionFromName(name);
    if (!lesion) unnamed.push(name);
    else drawn.push(drawnEntry(index, lesion.level, lesion.kind, before));
  }
  return { map: tidy({ labelmap: { ...map.labelmap, labels }, segments: [...known, ...drawn] }, unnamed), unnamed };
}

/** What a segment's name says, e.g. "L1 blastic lesion". */
export function lesionFromName(name: string): { level: VertebraLevel; kind: LesionKind } | undefined {
  const level = levelFromName(name);
  const lytic = /lytic|lytisch|osteolys/i.test(name);
  const blastic = /blastic|blastisch|sclero/i.test(name);
  if (!level || lytic === blastic) return undefined;
  return { level, kind: lytic ? 'lytic' : 'blastic' };
}

function drawnEntry(index: number, level: VertebraLevel, kind: LesionKind, before?: LesionMap): LesionEntry {
  const same = before?.segments.find(segment => segment.level === level && segment.kind === kind);
  return {
    ...{ index, level, kind, voxels: 0, millilitres: 0 },
    algorithmType: 'MANUAL',
    trackingId: `${level} ${kind} lesion`,
    trackingUid: same?.trackingUid ?? newUid(),
  };
}

function touchedIndices(before: Labelmap['labels'], after: Labelmap['labels']): Set<number> {
  const touched = new Set<number>();
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    touched.add(before[at]);
    touched.add(after[at]);
  }
  return touched;
}

/**
 * Counts voxels, drops empty segments, joins segments of one vertebra and kind, sorts and renumbers from 1.
 * @param unnamed when not empty, indices stay as they are: the viewer still shows segments that are not understood
 */
function tidy({ labelmap, segments }: LesionMap, unnamed: readonly string[] = []): LesionMap {
  const counts = new Uint32Array(256);
  for (const label of labelmap.labels) counts[label]++;
  const millilitres = voxelMillilitres(labelmap.indexToLps);
  const counted = segments
    .map(segment => ({ ...segment, voxels: counts[segment.index], millilitres: counts[segment.index] * millilitres }))
    .filter(({ voxels }) => voxels > 0)
    .sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  if (unnamed.length > 0) return { labelmap, segments: counted };
  const target = new Uint8Array(256);
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
  const labels = unchanged ? labelmap.labels : labelmap.labels.map(label => target[label]);
  return { labelmap: { ...labelmap, labels }, segments: joined };
}

function join(a: LesionEntry, b: LesionEntry): LesionEntry {
  const score = Math.max(a.score ?? -Infinity, b.score ?? -Infinity);
  return {
    ...a,
    voxels: a.voxels + b.voxels,
    millilitres: a.millilitres + b.millilitres,
    ...(Number.isFinite(score) ? { score } : {}),
    algorithmType: a.algorithmType === b.algorithmType ? a.algorithmType : 'SEMIAUTOMATIC',
  };
}
