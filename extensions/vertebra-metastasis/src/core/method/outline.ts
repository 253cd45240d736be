/**
 * Outline refinement, ours and not the paper's: the median rule cuts off half of a lesion that was edited cleanly, so the
 * outline of a scored candidate is drawn anew on the CT itself, at the level half way between lesion and body.
 */
import { PATCH_PIXELS, type LesionKind, type Patch, type PatchMask, type ScoredCandidate } from '../types';
import { connectedComponents } from './components';
import { dilated, eroded, filled, smoothed } from './morphology';
import { quantile } from './quantile';

/** Devised on the benchmark's first test split, confirmed on a second (docs/outline.md). Lengths in pixels. */
export const OUTLINE = {
  /** Blur of CT and difference map, standard deviation. */
  sigma: 0.7,
  /** The core: pixels whose difference is at least this quantile of the candidate's. */
  coreQuantile: 0.5,
  /** How far the outline may leave the candidate. */
  growth: 2,
  /** Cortex that does not count for the level of the body. */
  shell: 3,
  /** Where fewer pixels are left for that level, the whole body's are taken. */
  leastBodyPixels: 20,
  /** The core must differ from the body by more than this many of the body's median absolute deviations. */
  leastContrast: 0.5,
} as const;

/** Level of the CT where an outline runs, and the side of it that is lesion. */
interface Level {
  readonly value: number;
  readonly sign: 1 | -1;
}

/**
 * Outlines drawn anew, in the order given. Where two outlines meet, the pixels go to the higher score. Three kinds of candidates
 * are never kept, beside those that were left out before, which cover nothing:
 * - 'contradicted' by the CT: a lytic one is not darker, a blastic one not brighter than the body around, or by so little that
 *   the body's own structure explains it. It keeps its outline.
 * - 'contradicted' for want of a body around: better candidates of the other kind have the rest of it, and what is left over is bone.
 * - 'covered': fewer than `minPixels` are left to it.
 * @param patch normalised CT, [64, 64]
 * @param difference healthyEdit - reconstruction
 */
export function refineOutlines(
  candidates: readonly ScoredCandidate[],
  patch: Patch,
  bodyMask: PatchMask,
  difference: Float32Array,
  minPixels: number
): ScoredCandidate[] {
  const slice: SmoothSlice = {
    patch: smoothed(patch, OUTLINE.sigma),
    difference: smoothed(difference, OUTLINE.sigma),
    bodyMask,
    marrow: eroded(bodyMask, OUTLINE.shell),
  };
  const taken = new Uint8Array(PATCH_PIXELS);
  const outlines = { lytic: new Uint8Array(PATCH_PIXELS), blastic: new Uint8Array(PATCH_PIXELS) };
  const refined = new Map<number, ScoredCandidate>();
  const byScore = [...candidates.keys()].sort(
    (a, b) => candidates[b].attributionScore - candidates[a].attributionScore
  );
  for (const at of byScore) {
    const candidate = candidates[at];
    if (candidate.leftOut) {
      refined.set(at, candidate);
      continue;
    }
    const opposite = outlines[candidate.kind === 'lytic' ? 'blastic' : 'lytic'];
    const outline = halfLevelOutline(candidate, slice, { taken, opposite });
    if (!outline) {
      refined.set(at, { ...candidate, leftOut: 'contradicted' });
      continue;
    }
    const mask = outline.map((inside, i) => (inside && !taken[i] ? 1 : 0));
    const pixelCount = count(mask);
    if (pixelCount < Math.min(minPixels, count(outline))) {
      refined.set(at, { ...candidate, leftOut: 'covered' });
      continue;
    }
    mask.forEach((inside, i) => inside && (taken[i] = outlines[candidate.kind][i] = 1));
    refined.set(at, { ...candidate, mask, pixelCount });
  }
  return candidates.map((_, at) => refined.get(at)!);
}

/** Outlines of candidates with higher scores: all, and those of the other kind. */
interface BetterOutlines {
  readonly taken: PatchMask;
  readonly opposite: PatchMask;
}

interface SmoothSlice {
  readonly patch: Float32Array;
  readonly difference: Float32Array;
  readonly bodyMask: PatchMask;
  readonly marrow: PatchMask;
}

/** The outline, or undefined where the CT contradicts the kind or nothing is left. */
function halfLevelOutline(
  { mask, kind }: Pick<ScoredCandidate, 'mask' | 'kind'>,
  slice: SmoothSlice,
  better: BetterOutlines
): PatchMask | undefined {
  const { patch, difference, bodyMask } = slice;
  const region = and(dilated(mask, OUTLINE.growth), bodyMask);
  const core = coreOf(mask, kind, difference);
  const level = halfLevel(slice, core, region, kind, better);
  if (!level) return undefined;
  const beyond = region.map((inside, i) => (inside && level.sign * (patch[i] - level.value) > 0 ? 1 : 0));
  const seeded = connectedComponents(beyond).filter(pixels => pixels.some(i => core[i]));
  if (seeded.length === 0) return undefined;
  const whole = and(filled(maskOf(seeded.flat())), bodyMask);
  return maskOf(connectedComponents(whole).reduce((best, one) => (one.length > best.length ? one : best)));
}

/** The half of a candidate's pixels where the edit changed most. */
export function coreOf(mask: PatchMask, kind: LesionKind, difference: Float32Array): PatchMask {
  const sign = kind === 'lytic' ? 1 : -1;
  const strength = difference.map(value => Math.max(0, sign * value));
  const least = quantile(
    strength.filter((_, i) => mask[i] > 0),
    OUTLINE.coreQuantile
  );
  return mask.map((inside, i) => (inside && strength[i] >= least ? 1 : 0));
}

/** Half-way between the core's median and the body's, without the surroundings of the candidate and of better ones, and without the cortex. */
function halfLevel(
  { patch, bodyMask, marrow }: SmoothSlice,
  core: PatchMask,
  region: PatchMask,
  kind: LesionKind,
  { taken, opposite }: BetterOutlines
): Level | undefined {
  const near = dilated(taken, OUTLINE.growth);
  const beside = marrow.map((inside, i) => (inside && !region[i] && !near[i] ? 1 : 0));
  const isEnough = count(beside) > OUTLINE.leastBodyPixels;
  if (!isEnough && count(and(opposite, bodyMask)) > OUTLINE.leastBodyPixels) return undefined;
  const around = isEnough ? beside : bodyMask;
  const levels = (where: PatchMask) => patch.filter((_, i) => where[i] > 0);
  const [lesion, body] = [median(levels(core)), median(levels(around))];
  const deviation = median(levels(around).map(level => Math.abs(level - body)));
  const sign = kind === 'blastic' ? 1 : -1;
  return sign * (lesion - body) > OUTLINE.leastContrast * deviation ? { value: (lesion + body) / 2, sign } : undefined;
}

const median = (values: Float32Array) => quantile(values, 0.5);

function maskOf(pixels: readonly number[]): PatchMask {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (const i of pixels) mask[i] = 1;
  return mask;
}

const and = (a: PatchMask, b: PatchMask): PatchMask => a.map((inside, i) => (inside && b[i] ? 1 : 0));
const count = (mask: PatchMask) => mask.reduce((sum, inside) => sum + Number(inside > 0), 0);
