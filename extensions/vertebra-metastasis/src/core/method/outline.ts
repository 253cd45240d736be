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
} as const;

/** Level of the CT where an outline runs, and the side of it that is lesion. */
interface Level {
  readonly value: number;
  readonly sign: 1 | -1;
}

/**
 * Outlines drawn anew, in the order given. A candidate whose CT contradicts its kind (a lytic one no darker, a blastic one no
 * brighter than the body around) keeps its outline and is marked 'contradicted'; where two outlines meet, the pixels go to
 * the higher score, and a candidate that keeps fewer than `minPixels` of them is marked 'covered'. Neither is ever kept.
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
  const refined = new Map<number, ScoredCandidate>();
  const byScore = [...candidates.keys()].sort(
    (a, b) => candidates[b].attributionScore - candidates[a].attributionScore
  );
  for (const at of byScore) {
    const candidate = candidates[at];
    const outline = halfLevelOutline(candidate, slice);
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
    mask.forEach((inside, i) => inside && (taken[i] = 1));
    refined.set(at, { ...candidate, mask, pixelCount });
  }
  return candidates.map((_, at) => refined.get(at)!);
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
  slice: SmoothSlice
): PatchMask | undefined {
  const { patch, difference, bodyMask } = slice;
  const region = and(dilated(mask, OUTLINE.growth), bodyMask);
  const core = coreOf(mask, kind, difference);
  const level = halfLevel(slice, core, region, kind);
  if (!level) return undefined;
  const beyond = region.map((inside, i) => (inside && level.sign * (patch[i] - level.value) > 0 ? 1 : 0));
  const seeded = connectedComponents(beyond).filter(pixels => pixels.some(i => core[i]));
  if (seeded.length === 0) return undefined;
  const whole = and(filled(maskOf(seeded.flat())), bodyMask);
  return maskOf(connectedComponents(whole).reduce((best, one) => (one.length > best.length ? one : best)));
}

/** The half of a candidate's pixels where the edit changed most. */
function coreOf(mask: PatchMask, kind: LesionKind, difference: Float32Array): PatchMask {
  const sign = kind === 'lytic' ? 1 : -1;
  const strength = difference.map(value => Math.max(0, sign * value));
  const least = quantile(
    strength.filter((_, i) => mask[i] > 0),
    OUTLINE.coreQuantile
  );
  return mask.map((inside, i) => (inside && strength[i] >= least ? 1 : 0));
}

/** Half-way between the core's median and the body's, without the candidate's surroundings and the cortex. */
function halfLevel(
  { patch, bodyMask, marrow }: SmoothSlice,
  core: PatchMask,
  region: PatchMask,
  kind: LesionKind
): Level | undefined {
  const beside = marrow.map((inside, i) => (inside && !region[i] ? 1 : 0));
  const around = count(beside) > OUTLINE.leastBodyPixels ? beside : bodyMask;
  const median = (where: PatchMask) =>
    quantile(
      patch.filter((_, i) => where[i] > 0),
      0.5
    );
  const [lesion, body] = [median(core), median(around)];
  const sign = kind === 'blastic' ? 1 : -1;
  return sign * (lesion - body) > 0 ? { value: (lesion + body) / 2, sign } : undefined;
}

function maskOf(pixels: readonly number[]): PatchMask {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (const i of pixels) mask[i] = 1;
  return mask;
}

const and = (a: PatchMask, b: PatchMask): PatchMask => a.map((inside, i) => (inside && b[i] ? 1 : 0));
const count = (mask: PatchMask) => mask.reduce((sum, inside) => sum + Number(inside > 0), 0);
