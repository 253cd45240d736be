/** What speaks against a lesion, or against its measured size. */
import type { LabelExtent } from '../geometry';
import { unsearchedVoxels } from '../review/projection';
import type { Lesion3dKind } from '../types';
import { cortexShare, healthyMedianHu } from './body';
import { eachNeighbour } from './connect';
import type { Draft } from './join';
import type { LesionFlag, SharedInput } from './types';

/** A lesion with more of its voxels in the outer shell of the body abuts the cortex. */
const CORTEX_SHARE = 0.8;

export function flagsOf(
  { members, vertebraLabel }: Draft,
  offsets: readonly number[],
  kind: Lesion3dKind,
  huMean: number | undefined,
  extent: LabelExtent | undefined,
  shared: SharedInput
): LesionFlag[] {
  const { bodies, volume, state, projectionOf, grid } = shared;
  const findings = state.findings.find(({ label }) => label === vertebraLabel);
  const flags: LesionFlag[] = [];
  const analysed = (findings?.slices.length ?? 0) + (findings?.screened.length ?? 0);
  // Where one slice was analysed, one is all there can be.
  if (analysed > 1 && members.length > 0 && new Set(members.map(({ slicePosition }) => slicePosition)).size === 1)
    flags.push('single-slice');
  if (bodies && extent && volume && huMean !== undefined && kind !== 'mixed') {
    const { healthy, isLesion } = shared;
    if (!healthy.has(extent.label)) healthy.set(extent.label, healthyMedianHu(volume, bodies, extent, isLesion));
    const rest = healthy.get(extent.label);
    const odd = rest !== undefined && (kind === 'lytic' ? huMean > rest : huMean < rest);
    if (odd) flags.push('hu-unlike-kind');
  }
  if (bodies && vertebraLabel !== undefined && cortexShare(offsets, bodies, vertebraLabel) > CORTEX_SHARE) {
    flags.push('hugs-cortex');
  }
  const projection = findings && projectionOf(findings);
  // What a person drew is not cut by the slices that were searched.
  const beyond = projection && members.length > 0 ? unsearchedVoxels(projection) : new Set<number>();
  if (beyond.size > 0) {
    let edge = false;
    for (const at of offsets) {
      if (edge) break;
      eachNeighbour(at, grid.dims, [1, 1, 1], next => (edge ||= beyond.has(next)));
    }
    if (edge) flags.push('at-search-edge');
  }
  return flags;
}
