import { CROP_SPACING_MM, cropField, visitCrop, type CropGeometry } from '../imaging/crop';
import { imagedShare, type Scanner } from '../imaging/scanner';
import type { Field } from '../math/grid';
import type { Point } from '../math/pose';
import type { LesionWeights } from '../pathology/host';

/** Truth labels in files. */
export const TRUTH = { none: 0, lytic: 1, blastic: 2 } as const;

/** Columns of the manifest that describe one vertebra. */
export interface SampleFacts {
  readonly patient: string;
  readonly level: string;
  readonly label: 0 | 1;
  readonly kinds: readonly ('lytic' | 'blastic')[];
  readonly mimics: readonly string[];
  readonly source: string;
  readonly sliceThicknessMm: number;
  readonly split: 'train' | 'test';
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
    truth.subarray(from, to).reduce((sum, label) => sum + Number(label > 0), 0);
  const plane = truth.length / geometry.slices;
  const middle = Math.floor(geometry.slices / 2) * plane;
  return count(0, truth.length) >= LEAST_TRUTH_VOXELS && count(middle, middle + plane) >= leastMiddlePixels;
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
  geometry: CropGeometry
): Pick<Sample, 'hu' | 'body' | 'truth'> {
  const hu = new Int16Array(cropField(slices, geometry).map(Math.round));
  const bodyDepth = cropField({ ...scene, data: depth }, geometry);
  const body = new Uint8Array(bodyDepth.map(value => (value > 0 ? 1 : 0)));
  const truth = new Uint8Array(hu.length);
  const nowhere = () => 0;
  const sharesOf = (data: Float32Array) => (data.some(w => w > 0) ? imagedShare({ ...scene, data }, scanner) : nowhere);
  const lytic = sharesOf(weights.lytic);
  const blastic = sharesOf(weights.blastic);
  if (lytic !== nowhere || blastic !== nowhere)
    visitCrop(geometry, (n, x, y, z) => {
      if (!body[n]) return;
      const l = lytic(x, y, z);
      const b = blastic(x, y, z);
      if (l + b >= 0.5) truth[n] = l >= b ? TRUTH.lytic : TRUTH.blastic;
    });
  return { hu, body, truth };
}
