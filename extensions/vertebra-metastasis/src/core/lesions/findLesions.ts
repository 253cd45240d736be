/** From a review to lesions: regions of one kind joined across slices, measured, and held against what speaks against them. */
import { LESION_3D_KINDS } from '../kinds';
import { composeLesions } from '../review/compose';
import { lesionNameKey, type ReviewState } from '../review/state';
import type { Labelmap } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { sideBridge } from './bridge';
import { connectedParts } from './connect';
import { type Draft, draftsOf, membersOf, merged } from './join';
import { measured, type Unnumbered } from './measure';
import type { Lesion3d, LesionInput, Lesions3d, SharedInput } from './types';

/**
 * All lesions of a review, rejected ones included: those are listed, but are not in the labelmap.
 * Voxels are joined 26-connected on the CT grid, over a gap of one sagittal slice; lesions a person merged or split follow
 * `Decision.group` and `Decision.apart`. Arrays given in are not modified.
 */
export function findLesions(input: LesionInput): Lesions3d {
  const { grid, state } = input;
  const composed = composeLesions(grid, state, input.projectionOf);
  const drafts: Draft[] = [];
  const done = new Set<number>();
  for (const findings of state.findings) {
    const projection = input.projectionOf(findings);
    if (!projection) continue;
    const members = membersOf(findings, state, projection, composed.labelmap.labels);
    for (const kind of LESION_3D_KINDS) {
      const segment = composed.segments.find(one => one.vertebraLabel === findings.label && one.kind === kind);
      if (segment) done.add(segment.index);
      const voxels = segment ? (composed.offsets.get(segment.index) ?? []) : [];
      drafts.push(...draftsOf(findings, state, kind, voxels, members, grid));
    }
  }
  // Drawn where nothing was analysed, or known from a stored result alone.
  for (const { index, vertebraLabel, level, kind } of composed.segments) {
    if (done.has(index)) continue;
    for (const offsets of connectedParts(composed.offsets.get(index) ?? [], grid, sideBridge(grid, 0))) {
      drafts.push({ vertebraLabel, level, kinds: new Set([kind]), offsets, members: [] });
    }
  }
  const isLesion = (offset: number) => composed.labelmap.labels[offset] > 0;
  const known = new Map(input.before?.lesions.map(lesion => [lesion.id, lesion]));
  const shared: SharedInput = { ...input, isLesion, healthy: new Map(), drawn: drawnVoxels(state), known };
  return numbered(
    merged(drafts, state, grid).map(draft => measured(draft, shared)),
    composed.labelmap
  );
}

function drawnVoxels({ strokes }: ReviewState): Map<string, Set<number>> {
  const drawn = new Map<string, Set<number>>();
  for (const { offsets, touched } of strokes) {
    for (const key of touched.map(lesionNameKey)) {
      const voxels = drawn.get(key) ?? new Set<number>();
      offsets.forEach(at => voxels.add(at));
      drawn.set(key, voxels);
    }
  }
  return drawn;
}

/** Sorts, names and numbers; writes over the labelmap of kinds. */
function numbered(found: readonly Unnumbered[], { labels: kinds, dims, indexToLps }: Labelmap): Lesions3d {
  const isRejected = ({ verdict }: Unnumbered) => Number(verdict === 'rejected');
  const sorted = [...found].sort(
    (a, b) =>
      levelOrder(a.level) - levelOrder(b.level) ||
      (a.vertebraLabel ?? 0) - (b.vertebraLabel ?? 0) ||
      isRejected(a) - isRejected(b) ||
      b.voxels - a.voxels ||
      a.offsets[0] - b.offsets[0]
  );
  const lastIndex = sorted.filter(one => !isRejected(one)).length;
  const labels = lastIndex > 255 ? new Uint16Array(kinds.length) : kinds;
  const counts = new Map<string, number>();
  let index = 0;
  const lesions = sorted.map((one): Lesion3d => {
    const group = `${one.level} ${one.kind}`;
    const n = (counts.get(group) ?? 0) + 1;
    counts.set(group, n);
    const own = isRejected(one) ? 0 : ++index;
    // Drawn voxels that were rejected stand in the labelmap of kinds.
    if (own > 0 || one.slices.length === 0) for (const at of one.offsets) labels[at] = own;
    return { ...one, name: `${group} ${n}`, index: own };
  });
  return { lesions, labelmap: { labels, dims, indexToLps } };
}
