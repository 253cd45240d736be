/** The vertebral bodies segmented in this session, as one labelmap. Pure; maps given in are not modified. */
import {
  applyAffine,
  assignLevels,
  countPlaces,
  InputError,
  invert,
  isNumberedLevel,
  type LabelExtent,
  type Labelmap,
  levelOrder,
  numberedLevel,
  predictNext,
  type SegmentedBody,
  shiftLevels,
  type Vec3,
  type VertebraLevel,
} from '../../core';
import type { AlgorithmType } from '../../dicom';

/** How a body's mask came about; 'given' ones were taken over from a SEG. */
export type BodyOrigin = 'click' | 'search' | 'given';

export interface SessionBody {
  /** Value in the labelmap; never used again for another body of the session. */
  readonly index: number;
  /** V1, V2... from the head until one level is known. */
  readonly level: VertebraLevel;
  readonly origin: BodyOrigin;
  readonly algorithmType: AlgorithmType;
  readonly centroidLps: Vec3;
  readonly fit: { readonly height: number; readonly lean: number };
  readonly confidence: number;
  /** A person changed its voxels. */
  readonly corrected?: boolean;
}

export interface BodyMap {
  /** On the CT grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis. */
  readonly segments: readonly SessionBody[];
}

/** Where a next body is expected, and what it would be called. */
export interface Proposal {
  readonly lps: Vec3;
  readonly level?: VertebraLevel;
  readonly fit: SessionBody['fit'];
}

/** A new body may lose this share of its voxels to bodies that are there already. */
const MOST_OVERLAP = 0.25;
const MOST_BODIES = 255;

export function emptyBodies({ dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>): BodyMap {
  return { labelmap: { dims, indexToLps, labels: new Uint8Array(dims[0] * dims[1] * dims[2]) }, segments: [] };
}

/**
 * Adds bodies; voxels that belong to another stay with it. Levels are counted from the nearest known one.
 * @param bodies with masks on the map's grid and indices not used before
 * @returns the map, and for each body that was not added the level of the one already there
 * @throws InputError 'too-many-bodies'
 */
export function addBodies(
  map: BodyMap,
  bodies: readonly { readonly body: SegmentedBody; readonly index: number }[],
  origin: BodyOrigin
): { readonly map: BodyMap; readonly there: readonly VertebraLevel[] } {
  const labels = map.labelmap.labels.slice();
  const added: SessionBody[] = [];
  const there: VertebraLevel[] = [];
  for (const { body, index } of bodies) {
    if (index > MOST_BODIES) {
      throw new InputError('too-many-bodies');
    }
    const { centroidLps, fit, confidence } = body;
    const offsets = offsetsOf(body, map.labelmap);
    const other = mostCommon(offsets, labels);
    if (other.voxels > MOST_OVERLAP * offsets.length) {
      there.push(map.segments.find(segment => segment.index === other.label)?.level ?? '');
      continue;
    }
    for (const offset of offsets) labels[offset] ||= index;
    added.push({
      index,
      level: '',
      origin,
      centroidLps,
      confidence,
      fit: { height: fit.height, lean: fit.lean },
      algorithmType: origin === 'search' ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
    });
  }
  return { map: { labelmap: { ...map.labelmap, labels }, segments: counted([...map.segments, ...added]) }, there };
}

/** @throws InputError 'already-there', 'too-many-bodies' */
export function addBody(map: BodyMap, body: SegmentedBody, origin: BodyOrigin, index: number): BodyMap {
  const added = addBodies(map, [{ body, index }], origin);
  if (added.there.length > 0) throw alreadyThere(added.there[0]);
  return added.map;
}

export function alreadyThere(level: VertebraLevel): InputError {
  return new InputError('already-there', { level });
}

function offsetsOf({ mask }: SegmentedBody, { dims: [columns, rows] }: Labelmap): number[] {
  const offsets: number[] = [];
  for (let k = 0, at = 0; k < mask.dims[2]; k++)
    for (let j = 0; j < mask.dims[1]; j++)
      for (let i = 0; i < mask.dims[0]; i++, at++) {
        if (mask.labels[at]) offsets.push(mask.min[0] + i + columns * (mask.min[1] + j + rows * (mask.min[2] + k)));
      }
  return offsets;
}

/** The label, background aside, that most of the voxels carry. */
function mostCommon(offsets: readonly number[], labels: Labelmap['labels']): { label: number; voxels: number } {
  const counts = new Uint32Array(MOST_BODIES + 1);
  for (const offset of offsets) counts[labels[offset]]++;
  counts[0] = 0;
  const label = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
  return { label, voxels: counts[label] };
}

export function removeBodies({ labelmap, segments }: BodyMap, indices: readonly number[]): BodyMap {
  const gone = new Uint8Array(MOST_BODIES + 1);
  for (const index of indices) gone[index] = 1;
  const labels = labelmap.labels.slice();
  for (let at = 0; at < labels.length; at++) if (gone[labels[at]]) labels[at] = 0;
  return { labelmap: { ...labelmap, labels }, segments: counted(segments.filter(({ index }) => !gone[index])) };
}

/** Puts a body back that an earlier map held, where its voxels are free now. */
export function restoreBody(map: BodyMap, before: BodyMap, index: number): BodyMap {
  const segment = before.segments.find(one => one.index === index);
  if (!segment) return map;
  const labels = map.labelmap.labels.slice();
  const old = before.labelmap.labels;
  for (let at = 0; at < labels.length; at++) if (old[at] === index && labels[at] === 0) labels[at] = index;
  return { labelmap: { ...map.labelmap, labels }, segments: counted([...map.segments, segment]) };
}

/** Masks of a SEG as a map to add to. @param vertebrae whose labels the labelmap carries */
export function givenBodies(
  labelmap: Labelmap,
  vertebrae: readonly { readonly label: number; readonly level: VertebraLevel }[],
  extents: ReadonlyMap<number, LabelExtent>
): BodyMap {
  const segments = vertebrae.flatMap(({ label, level }): SessionBody[] => {
    const extent = extents.get(label);
    if (!extent) return [];
    const [low, high] = [extent.min, extent.max].map(index => applyAffine(labelmap.indexToLps, index));
    const fit = { height: Math.abs(high[2] - low[2]), lean: 0 };
    const plain = { index: label, level, centroidLps: extent.centreLps, fit, confidence: 1 };
    return [{ ...plain, origin: 'given', algorithmType: 'AUTOMATIC' }];
  });
  return { labelmap, segments: counted(segments) };
}

/** The body at a place, if any. */
export function bodyAt(
  { labelmap: { labels, dims, indexToLps }, segments }: BodyMap,
  lps: Vec3
): SessionBody | undefined {
  const index = applyAffine(invert(indexToLps), lps).map(Math.round);
  if (index.some((value, axis) => value < 0 || value >= dims[axis])) return undefined;
  const label = labels[index[0] + dims[0] * (index[1] + dims[1] * index[2])];
  return segments.find(segment => segment.index === label);
}

/** Calls one body by a level. While none is known all others are counted from it; later only this one changes. */
export function nameBody(map: BodyMap, index: number, level: VertebraLevel): BodyMap {
  levelOrder(level);
  const named = map.segments.map(segment => (segment.index === index ? { ...segment, level } : segment));
  return { ...map, segments: counted(named) };
}

/** Moves all known levels towards the pelvis (or, below 0, the head); beyond the end of the spine nothing moves. */
export function shiftBodies(map: BodyMap, steps: number): BodyMap {
  const shifted = shiftLevels(
    map.segments.map(({ level }) => (isNumberedLevel(level) ? undefined : level)),
    steps
  );
  const known = map.segments.filter(({ level }) => !isNumberedLevel(level)).length;
  if (shifted.filter(Boolean).length < known) return map;
  return { ...map, segments: map.segments.map((segment, n) => ({ ...segment, level: shifted[n] ?? segment.level })) };
}

/** Whether any body has a real level. */
export function levelsKnown({ segments }: BodyMap): boolean {
  return segments.some(({ level }) => !isNumberedLevel(level));
}

/** The next bodies beyond the ends of the row, as far as they lie in the CT. */
export function nextBodies(map: BodyMap): { readonly above?: Proposal; readonly below?: Proposal } {
  const { segments, labelmap } = map;
  if (segments.length === 0) return {};
  const { above, below } = predictNext(segments);
  const proposal = (lps: Vec3, end: SessionBody, step: 1 | -1): Proposal | undefined => {
    const index = applyAffine(invert(labelmap.indexToLps), lps);
    if (index.some((value, axis) => value < 1 || value > labelmap.dims[axis] - 2)) return undefined;
    const level = isNumberedLevel(end.level) ? undefined : shiftLevels([end.level], step)[0];
    // Nothing is expected beyond the sacrum or the axis.
    if (!isNumberedLevel(end.level) && (!level || level === 'S1' || level === 'C1')) return undefined;
    return { lps, level, fit: end.fit };
  };
  return { above: proposal(above, segments[0], -1), below: proposal(below, segments[segments.length - 1], 1) };
}

/** What a person changed with the viewer's tools. Touched bodies become SEMIAUTOMATIC, emptied ones go. */
export function editedBodies(
  map: BodyMap,
  labels: Labelmap['labels']
): { readonly map: BodyMap; readonly changed: ReadonlySet<number> } | undefined {
  const changed = changedLabels(map.labelmap.labels, labels);
  if (changed.size === 0) return undefined;
  const segments = map.segments
    .filter(({ index }) => !changed.has(index) || labels.includes(index))
    .map(
      (segment): SessionBody =>
        changed.has(segment.index) ? { ...segment, algorithmType: 'SEMIAUTOMATIC', corrected: true } : segment
    );
  return { map: { labelmap: { ...map.labelmap, labels }, segments: counted(segments) }, changed };
}

/** Four voxels at a time where memory allows: a whole CT is compared after each stroke. */
function changedLabels(before: Labelmap['labels'], after: Labelmap['labels']): Set<number> {
  const changed = new Set<number>();
  const compare = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      if (before[at] === after[at]) continue;
      changed.add(before[at]);
      changed.add(after[at]);
    }
  };
  const words = [before, after].map(array =>
    array.BYTES_PER_ELEMENT === 1 && array.byteOffset % 4 === 0
      ? new Uint32Array(array.buffer, array.byteOffset, array.length >> 2)
      : undefined
  );
  const [left, right] = words;
  if (!left || !right) compare(0, before.length);
  else {
    for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) compare(4 * at, 4 * at + 4);
    compare(4 * left.length, before.length);
  }
  changed.delete(0);
  return changed;
}

/** In order from the head, unknown levels counted from the nearest known one, or numbered. */
function counted(segments: readonly SessionBody[]): SessionBody[] {
  const row = [...segments].sort((a, b) => b.centroidLps[2] - a.centroidLps[2]);
  const places = countPlaces(row);
  const known = row.flatMap(({ level }, n) =>
    level === '' || isNumberedLevel(level) ? [] : [{ level, place: places[n] }]
  );
  return row.map((segment, n) => {
    if (segment.level !== '' && !isNumberedLevel(segment.level)) return segment;
    const distance = ({ place }: { place: number }) => Math.abs(place - places[n]);
    const anchor = known.length > 0 ? known.reduce((a, b) => (distance(b) < distance(a) ? b : a)) : undefined;
    const level = anchor && assignLevels(places[places.length - 1] + 1, anchor.place, anchor.level)[places[n]];
    return { ...segment, level: level ?? numberedLevel(places[n] + 1) };
  });
}
