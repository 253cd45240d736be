/** From analysed slices to lesions on the CT grid. */
import { backProject, type LabelledSlice, voxelMillilitres } from '../geometry';
import { applyThreshold, type KeptRegions } from '../method';
import {
  type Labelmap,
  type LesionKind,
  PATCH_PIXELS,
  type PatchMask,
  type VertebraLevel,
  type Volume,
} from '../types';
import { levelOrder } from '../vertebrae/levels';
import type { LesionSegment, SliceAnalysis, VertebraAnalysis } from './types';

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

export interface LesionRules {
  /** A candidate is a lesion when its attribution score exceeds this. */
  readonly threshold: number;
  readonly minPixels: number;
}

/** Which candidates of a slice are lesions under the rules; no inference. */
export function keptRegions({ attribution }: SliceAnalysis, { threshold, minPixels }: LesionRules): KeptRegions {
  return applyThreshold(attribution.candidates, threshold, minPixels);
}

/** Body voxels without an analysed slice; nothing is known of them. */
export interface UnanalysedPart {
  readonly level: VertebraLevel;
  readonly vertebraLabel: number;
  readonly voxels: number;
  readonly millilitres: number;
}

/** Lesions found in slices that no voxel centre of the CT falls into. */
export interface LostLesions {
  readonly level: VertebraLevel;
  readonly vertebraLabel: number;
  readonly kind: LesionKind;
  readonly reason: string;
}

export interface LesionLabelmap {
  /** On the CT grid; values are the segments' indices. */
  readonly labelmap: Labelmap;
  /** From head to pelvis, lytic before blastic; contiguous from 1, none empty. */
  readonly segments: readonly LesionSegment[];
  readonly notAnalysed: readonly UnanalysedPart[];
  readonly lost: readonly LostLesions[];
}

/**
 * Writes the lesions of all analysed vertebrae into one labelmap: each voxel of a body takes the label of the nearest
 * analysed patch pixel, so lytic and blastic never overlap. No inference: cheap enough for a threshold slider.
 * @param volume the CT, for its grid
 * @param bodies the bodies that were analysed; not modified
 */
export function lesionLabelmap(
  volume: Volume,
  bodies: Labelmap,
  analyses: readonly VertebraAnalysis[],
  rules: LesionRules
): LesionLabelmap {
  const labels = new Uint8Array(bodies.labels.length);
  const segments: LesionSegment[] = [];
  const notAnalysed: UnanalysedPart[] = [];
  const lost: LostLesions[] = [];
  const millilitres = voxelMillilitres(volume.indexToLps);
  const sorted = [...analyses].sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || a.label - b.label);
  for (const analysis of sorted) {
    const { level, label: vertebraLabel } = analysis;
    const { slices, score } = keptSlices(analysis, rules);
    const found = voxelsByKind(bodies, analysis, slices);
    for (const [n, kind] of KINDS.entries()) {
      const voxels = found.kinds[n];
      if (voxels.length > 0) {
        const index = segments.length + 1;
        for (const offset of voxels) labels[offset] = index;
        const volumeMl = voxels.length * millilitres;
        const counts = { voxels: voxels.length, millilitres: volumeMl, score: score[kind] };
        segments.push({ index, level, vertebraLabel, kind, ...counts });
      } else if (score[kind] > -Infinity) {
        lost.push({ level, vertebraLabel, kind, reason: 'smaller than the voxels of the CT' });
      }
    }
    if (found.unknown > 0) {
      notAnalysed.push({ level, vertebraLabel, voxels: found.unknown, millilitres: found.unknown * millilitres });
    }
  }
  return { labelmap: { labels, dims: volume.dims, indexToLps: volume.indexToLps }, segments, notAnalysed, lost };
}

/** Slices labelled 1 + index in KINDS where a lesion lies, and the largest score per kind (-Infinity without lesion). */
function keptSlices({ slices, screenedSlices }: VertebraAnalysis, rules: LesionRules) {
  const score: Record<LesionKind, number> = { lytic: -Infinity, blastic: -Infinity };
  const labelled = slices.map((slice): LabelledSlice => {
    const { candidates, lyticMask, blasticMask } = keptRegions(slice, rules);
    for (const { kind, kept, attributionScore } of candidates) {
      if (kept) score[kind] = Math.max(score[kind], attributionScore);
    }
    const labels: PatchMask = lyticMask.map((lytic, pixel) => (lytic ? 1 : blasticMask[pixel] ? 2 : 0));
    return { frame: slice.frame, labels };
  });
  const nothing = screenedSlices.map(({ frame }): LabelledSlice => ({ frame, labels: new Uint8Array(PATCH_PIXELS) }));
  return { slices: [...labelled, ...nothing], score };
}

function voxelsByKind(bodies: Labelmap, { extent }: VertebraAnalysis, slices: readonly LabelledSlice[]) {
  const kinds: [number[], number[]] = [[], []];
  let unknown = 0;
  backProject(bodies, extent, slices, (offset, label) => {
    if (label === undefined) unknown++;
    else if (label > 0) kinds[label - 1].push(offset);
  });
  return { kinds, unknown };
}
