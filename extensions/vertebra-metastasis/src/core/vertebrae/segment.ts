/** The vertebral body around a click: outlined by the network, or a drum fitted to the CT that follows its edges. */
import { applyAffine, invert, type Vec3, voxelMillilitres } from '../geometry';
import { CancelledError, type CancelSignal, InputError, type Volume } from '../types';
import { fitBlocks } from './fit/fitBlocks';
import { fitBody, type FitHints, refineFit } from './fit/fitBody';
import { type BodyMask, rasterise } from './fit/rasterise';
import type { BodyFit } from './fit/shape';
import { deform } from './fit/surface';
import type { BodyNetwork } from './net/network';
import { segmentOutline } from './net/segmentOutline';

export interface SegmentOptions extends FitHints {
  /** Outlines the body; without it the CT's edges alone are followed. */
  readonly network?: BodyNetwork;
  readonly cancel?: CancelSignal;
}

export interface SegmentedBody {
  /** Where the mask lies in the CT's grid. */
  readonly mask: BodyMask;
  /** Centroid of the mask's voxels, LPS mm. */
  readonly centroidLps: Vec3;
  readonly millilitres: number;
  /** By edges: share of the surface with the expected step from bone. By the network: its agreement. Below 0.3 doubtful. */
  readonly confidence: number;
  /** For bodies outlined by the network: what the edges alone would have for a confidence. */
  readonly edges?: number;
  readonly fit: BodyFit;
}

/**
 * Segments one vertebral body, without pedicles, posterior elements and discs; lesions inside stay included.
 * @param seedLps a point inside the body, LPS mm
 * @throws InputError 'seed-outside' (the point is not in the CT), 'no-body-found', with a network 'click-disc', 'click-canal',
 *   'click-posterior', 'click-air', 'click-other' or 'click-body' (what is there instead); CancelledError
 */
export async function segmentBody(volume: Volume, seedLps: Vec3, options: SegmentOptions = {}): Promise<SegmentedBody> {
  checkSeed(volume, seedLps);
  const { network, lean, cancel } = options;
  const { mask, ...body } = network
    ? await segmentOutline(volume, seedLps, network, lean)
    : byEdges(volume, seedLps, options);
  if (cancel?.aborted) throw new CancelledError('Segmentation was cancelled.');
  if (mask.voxels === 0) {
    throw new InputError('no-body-found', { at: seedLps });
  }
  return {
    mask,
    centroidLps: centroidOf(volume, mask),
    millilitres: mask.voxels * voxelMillilitres(volume.indexToLps),
    ...body,
  };
}

function byEdges(
  volume: Volume,
  seedLps: Vec3,
  options: FitHints
): Pick<SegmentedBody, 'fit' | 'mask' | 'confidence' | 'edges'> {
  const { block, blurred } = fitBlocks(volume, seedLps);
  const [{ fit }] = fitBody(blurred, seedLps, options);
  // A click off the middle sees other starting points: the search starts once more from where it ended.
  const again = fitBody(blurred, [fit.x, fit.y, fit.z], {
    lean: fit.lean,
    height: options.height ?? fit.height,
    start: fit,
  });
  const found = again.map(candidate => refineFit(block, candidate.fit)).reduce((a, b) => (b.score > a.score ? b : a));
  return { fit: found.fit, mask: rasterise(volume, deform(block, found.fit)), confidence: found.score };
}

function checkSeed({ dims, indexToLps }: Volume, seed: Vec3): void {
  const index = applyAffine(invert(indexToLps), seed);
  if (index.every((value, axis) => value >= -0.5 && value <= dims[axis] - 0.5)) return;
  throw new InputError('seed-outside', { at: seed });
}

/** Of the mask's voxels, LPS mm. */
export function centroidOf({ indexToLps }: Pick<Volume, 'indexToLps'>, { min, dims, labels, voxels }: BodyMask): Vec3 {
  const sum = [0, 0, 0];
  for (let k = 0, at = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, at++) {
        if (!labels[at]) continue;
        sum[0] += min[0] + i;
        sum[1] += min[1] + j;
        sum[2] += min[2] + k;
      }
  return applyAffine(indexToLps, [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels]);
}
