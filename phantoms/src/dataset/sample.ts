import { CROP_SPACING_MM, cropField, visitCrop, type CropGeometry } from '../imaging/crop';
import { imagedShare, type Scanner } from '../imaging/scanner';
import type { Field } from '../math/grid';
import type { Point } from '../math/pose';
import type { LesionWeights } from '../pathology/host';
import type { Split } from './split';

/** Truth labels in files; `ignored` (the rim of a sclerotic-rim lesion, second edition only) counts neither way. */
export const TRUTH = { none: 0, lytic: 1, blastic: 2, ignored: 3 } as const;

/** How vertebrae are made, beside seed and number. */
export interface Recipe {
  /** As in {@link showsLesions}. */
  readonly leastMiddlePixels: number;
  /**
   * Second edition: every malignant vertebra also without its lesions, all else alike; mimics as frequent in both; the rim
   * of a sclerotic-rim lesion has a truth label of its own. Without, the bytes of the first edition.
   */
  readonly twins: boolean;
}

/** A voxel of a lesion. */
export const isLesion = (label: number) => label === TRUTH.lytic || label === TRUTH.blastic;

/** Columns of the manifest that describe one vertebra. */
export interface SampleFacts {
  readonly patient: string;
  readonly level: string;
  readonly label: 0 | 1;
  readonly kinds: readonly ('lytic' | 'blastic')[];
  readonly mimics: readonly string[];
  readonly source: string;
  readonly sliceThicknessMm: number;
  readonly split: Split;
  /** Whether this is one of a pair, with its lesions or without them. */
  readonly twin?: 'with' | 'without';
}

/** One vertebra as the network sees it, before it is written. Arrays in crop order (see {@link CropGeometry}). */
export interface Sample extends SampleFacts {
  readonly geometry: CropGeometry;
  readonly hu: Int16Array;
  readonly body: Uint8Array;
  readonly truth: Uint8Array;
}

/** Fewest truth voxels of a malignant vertebra: about a sphere of 3 mm. */
const LEAST_TRUTH_VOXELS = 30;

/**
 * Whether lesions can be seen: enough truth in the whole crop and, where asked for, in the middle slice alone, which is all
 * that a training on central slices is shown of the vertebra that it is told to be malignant.
 * @param leastMiddlePixels truth pixels of the crop's middle slice at least; 0 asks for nothing there
 */
export function showsLesions(
  { truth, geometry }: Pick<Sample, 'truth' | 'geometry'>,
  leastMiddlePixels: number
): boolean {
  const count = (from: number, to: number) =>
    truth.subarray(from, to).reduce((sum, label) => sum + Number(isLesion(label)), 0);
  const plane = truth.length / geometry.slices;
  const middle = Math.floor(geometry.slices / 2) * plane;
  return count(0, truth.length) >= LEAST_TRUTH_VOXELS && count(middle, middle + plane) >= leastMiddlePixels;
}

/** Label and kinds that a truth gives. */
export function labelled(truth: Uint8Array): Pick<Sample, 'label' | 'kinds'> {
  const kinds = (['lytic', 'blastic'] as const).filter(kind => truth.includes(TRUTH[kind]));
  return { label: kinds.length > 0 ? 1 : 0, kinds };
}

/** Pixels from which on a slice counts as one that meets a lesion: the smallest region that the method keeps. */
const LEAST_MET_PIXELS = 5;
/** Pixels from which on a slice counts as one that shows a kind: a little more than what noise could be. */
const LEAST_SHOWN_PIXELS = 8;

/** Slices that meet a lesion, as runs: `3-7+12-12`; empty for none. */
export function lesionSlices(sample: Pick<Sample, 'truth' | 'geometry'>): string {
  return slicesWith(sample, isLesion, LEAST_MET_PIXELS);
}

/** Slices that show lesions of a kind, as runs. */
export function kindSlices(sample: Pick<Sample, 'truth' | 'geometry'>, kind: 'lytic' | 'blastic'): string {
  return slicesWith(sample, label => label === TRUTH[kind], LEAST_SHOWN_PIXELS);
}

function slicesWith(
  { truth, geometry }: Pick<Sample, 'truth' | 'geometry'>,
  counts: (label: number) => boolean,
  leastPixels: number
): string {
  const plane = truth.length / geometry.slices;
  const runs: [number, number][] = [];
  for (let k = 0; k < geometry.slices; k++) {
    const pixels = truth.subarray(k * plane, (k + 1) * plane).reduce((sum, label) => sum + Number(counts(label)), 0);
    if (pixels < leastPixels) continue;
    const last = runs.at(-1);
    if (last?.[1] === k - 1) last[1] = k;
    else runs.push([k, k]);
  }
  return runs.map(([first, last]) => `${first}-${last}`).join('+');
}

/** Slices needed to cover a body of this width with 2 mm to spare, even, within 24..80. */
export function slicesFor(widthMm: number): number {
  const needed = Math.ceil((widthMm + 4) / CROP_SPACING_MM.leftRight / 2) * 2;
  return Math.min(80, Math.max(24, needed));
}

/** Centroid of depth > 0, LPS mm. */
export function bodyCentroid(grid: Field, depth: Float32Array): Point {
  let count = 0;
  const sum = [0, 0, 0];
  const [nx, ny, nz] = grid.dims;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (depth[n] <= 0) continue;
        count++;
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
      }
  return [0, 1, 2].map(a => grid.origin[a] + (sum[a] / count) * grid.spacing[a]) as unknown as Point;
}

/** Crops image, body and truth. The truth is where at least half of what is imaged at a point is lesion, inside the body. */
export function cropSample(
  slices: Field,
  scene: Field,
  depth: Float32Array,
  weights: LesionWeights,
  scanner: Scanner,
  geometry: CropGeometry,
  markRim = false
): Pick<Sample, 'hu' | 'body' | 'truth'> {
  const hu = new Int16Array(cropField(slices, geometry).map(Math.round));
  const bodyDepth = cropField({ ...scene, data: depth }, geometry);
  const body = new Uint8Array(bodyDepth.map(value => (value > 0 ? 1 : 0)));
  const truth = new Uint8Array(hu.length);
  const nowhere = () => 0;
  const sharesOf = (data: Float32Array) => (data.some(w => w > 0) ? imagedShare({ ...scene, data }, scanner) : nowhere);
  const lytic = sharesOf(weights.lytic);
  const blastic = sharesOf(weights.blastic);
  const rim = markRim ? sharesOf(weights.rim) : nowhere;
  if (lytic !== nowhere || blastic !== nowhere)
    visitCrop(geometry, (n, x, y, z) => {
      if (!body[n]) return;
      const l = lytic(x, y, z);
      const b = blastic(x, y, z);
      if (l + b >= 0.5) truth[n] = l >= b ? TRUTH.lytic : TRUTH.blastic;
      else if (rim(x, y, z) >= 0.25) truth[n] = TRUTH.ignored;
    });
  return { hu, body, truth };
}
