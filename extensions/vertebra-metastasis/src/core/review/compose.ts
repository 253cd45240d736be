/** The lesion labelmap that follows from a review state. Same state, same bytes. */
import { LESION_3D_KINDS, LESION_KINDS } from '../kinds';
import { voxelMillilitresBySlice } from '../study/measure';
import type { Labelmap } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { decidedCandidates } from './decide';
import type { VertebraFindings } from './findings';
import { voxelOwners } from './owners';
import type { Projection } from './projection';
import { lesionNameKey, type LesionName, levelOf, type ReviewState, sameRules } from './state';

/** One segment: all lesions of one kind in one vertebra. */
export interface ComposedSegment extends LesionName {
  /** Value in the labelmap, contiguous from 1. */
  readonly index: number;
  readonly voxels: number;
  readonly millilitres: number;
  /** The largest attribution score among its candidates; absent when all of it is drawn. */
  readonly score?: number;
  /** A person changed rules, decisions or voxels that bear on it. */
  readonly touched: boolean;
  /** Every candidate in it was accepted by a person. */
  readonly confirmed: boolean;
}

export interface ComposedLesions {
  /** On the CT grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis, lytic before blastic; none empty. */
  readonly segments: readonly ComposedSegment[];
  /** Into the CT grid, by index of the segment. A labelmap of a whole CT has a hundred times as many voxels. */
  readonly offsets: ReadonlyMap<number, readonly number[]>;
}

/** Values while segments are collected; final indices stay below. */
const PROVISIONAL = 128;

interface Collected extends LesionName {
  voxels: number;
  millilitres: number;
  score?: number;
  touched: boolean;
  confirmed: boolean;
}

/** The CT grid with the real positions of its slices along the normal, mm, where they are known. */
export type LesionGrid = Pick<Labelmap, 'dims' | 'indexToLps'> & { readonly slicePositionsMm?: ArrayLike<number> };

/** @param projectionOf where the candidates of a vertebra lie; undefined leaves the vertebra out */
export function composeLesions(
  grid: LesionGrid,
  state: ReviewState,
  projectionOf: (findings: VertebraFindings) => Projection | undefined
): ComposedLesions {
  const { dims, indexToLps } = grid;
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const book = new SegmentBook();
  const projections = state.findings.map(findings => ({ findings, projection: projectionOf(findings) }));
  for (const { findings, projection } of projections) {
    if (projection) writeFindings(labels, book, findings, projection, state);
  }
  for (const { offsets, values, lesions, touched } of state.strokes) {
    const target = [0, ...lesions.map(name => book.value(renamed(state, name)))];
    offsets.forEach((at, n) => (labels[at] = target[values[n]]));
    for (const name of touched) book.entry(renamed(state, name)).touched = true;
  }
  const offsetLists = [
    ...projections.flatMap(({ projection }) => projection?.offsets ?? []),
    ...state.strokes.map(({ offsets }) => offsets),
  ];
  // As the files are measured: by the part of the stack that each slice stands for.
  const perVoxel = voxelMillilitresBySlice(grid, grid.slicePositionsMm);
  const { segments, offsets } = number(labels, book, offsetLists, at => perVoxel[Math.floor(at / (dims[0] * dims[1]))]);
  return { labelmap: { labels, dims, indexToLps }, segments, offsets };
}

function writeFindings(
  labels: Uint8Array,
  book: SegmentBook,
  findings: VertebraFindings,
  projection: Projection,
  state: ReviewState
): void {
  const { label } = findings;
  const decided = decidedCandidates(findings, state);
  const names = LESION_KINDS.map(kind => ({
    vertebraLabel: label,
    level: levelOf(state, label, findings.level),
    kind,
  }));
  const kept = decided.filter(one => one.kept);
  const values = kept.map(({ kind }) => book.value(names[LESION_KINDS.indexOf(kind)]));
  voxelOwners(findings, projection, kept).forEach((owner, n) => {
    if (owner >= 0) labels[projection.offsets[n]] = values[owner];
  });
  const otherRules = !sameRules(state.rules, findings.modelRules);
  for (const name of names) {
    const entry = book.entry(name);
    const own = kept.filter(({ kind }) => kind === name.kind);
    if (own.length > 0) entry.score = Math.max(...own.map(({ candidate }) => candidate.attributionScore));
    entry.confirmed = own.length > 0 && own.every(({ decision }) => decision.verdict === 'accepted');
    const decidedHere = decided.some(
      ({ kind, candidate, decision }) =>
        Object.keys(decision).length > 0 && (kind === name.kind || candidate.kind === name.kind)
    );
    entry.touched ||= decidedHere || otherRules;
  }
}

/** Strokes name a vertebra by what it was called when they were made. */
function renamed(state: ReviewState, name: LesionName): LesionName {
  const { vertebraLabel } = name;
  if (vertebraLabel === undefined) return name;
  const given = state.findings.find(({ label }) => label === vertebraLabel)?.level ?? name.level;
  return { ...name, level: levelOf(state, vertebraLabel, given) };
}

/** Provisional labelmap values by lesion. */
class SegmentBook {
  readonly entries: Collected[] = [];
  private readonly places = new Map<string, number>();

  /** The value that stands for a lesion while collecting. */
  value(name: LesionName): number {
    const key = lesionNameKey(name);
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.entries.length;
      this.places.set(key, place);
      this.entries.push({ ...name, voxels: 0, millilitres: 0, touched: false, confirmed: false });
    }
    return PROVISIONAL + place;
  }

  entry(name: LesionName): Collected {
    return this.entries[this.value(name) - PROVISIONAL];
  }
}

/** Counts, drops what is empty, sorts, and replaces provisional by final values. */
function number(
  labels: Uint8Array,
  { entries }: SegmentBook,
  offsetLists: readonly Uint32Array[],
  millilitresAt: (offset: number) => number
): Pick<ComposedLesions, 'segments' | 'offsets'> {
  // Found through the offsets written, as a whole CT has a hundred times as many voxels.
  const lasting = new Uint8Array(entries.length);
  for (const offsets of offsetLists) {
    for (const at of offsets) if (labels[at]) lasting[labels[at] - PROVISIONAL] = 1;
  }
  const order = entries
    .map((entry, place) => ({ entry, place }))
    .filter(({ place }) => lasting[place])
    .sort(({ entry: a }, { entry: b }) => compareNames(a, b));
  const final = new Uint8Array(256);
  order.forEach(({ place }, n) => (final[PROVISIONAL + place] = n + 1));
  const found = new Map(order.map((_, n) => [n + 1, [] as number[]]));
  for (const offsets of offsetLists) {
    for (const at of offsets) {
      const value = labels[at];
      if (value < PROVISIONAL) continue;
      const entry = entries[value - PROVISIONAL];
      entry.voxels++;
      entry.millilitres += millilitresAt(at);
      labels[at] = final[value];
      found.get(labels[at])!.push(at);
    }
  }
  return { segments: order.map(({ entry }, n) => ({ ...entry, index: n + 1 })), offsets: found };
}

function compareNames(a: LesionName, b: LesionName): number {
  const byLevel = levelOrder(a.level) - levelOrder(b.level) || (a.vertebraLabel ?? 0) - (b.vertebraLabel ?? 0);
  return byLevel || LESION_3D_KINDS.indexOf(a.kind) - LESION_3D_KINDS.indexOf(b.kind);
}
