/** The body around a click as the network outlines it. */
import type { Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { resample } from '../fit/block';
import { fitBlocks } from '../fit/fitBlocks';
import type { BodyMask } from '../fit/rasterise';
import { refineFit } from '../fit/fitBody';
import type { BodyFit } from '../fit/shape';
import { type Component, componentAt } from './component';
import { fitOutline } from './fitOutline';
import { type BodyNetwork, type Outline, outlineAt } from './network';
import { outlineMask } from './outlineMask';
import { refusal, refusalOfOutline } from './refusal';

/** A click this close to the outline still means its body. mm */
const NEAR_MM = 3;
/** From this distance on the block is centred anew, on the body found. mm */
const OFF_CENTRE_MM = 3;
/** No vertebral body is smaller. mm3 */
const LEAST_MM3 = 800;
/** Small bodies are outlined again, enlarged to about this height, by this factor at most: as in training (vertebra_body/blocks.py). */
const WANTED_HEIGHT_MM = 24;
const MOST_ZOOM = 1.7;
/** Less is not worth a second look. */
const LEAST_ZOOM = 1.15;
/**
 * The network alone also draws outlines in other bones and in bright vessels. A body shows on its whole surface: the score of a
 * drum that starts at the outline (fit/score.ts) was 0.21 to 0.54 for the bodies of four CTs, at most 0.14 for S1 and hip
 * bones, below -0.4 for soft tissue. What the network is less sure of than the second figure it is not sure of at all.
 */
const LEAST_EDGES = 0;
const LEAST_CERTAINTY = 0.75;

export interface OutlinedBody {
  readonly fit: BodyFit;
  readonly mask: BodyMask;
  /** Overlap of the network's probabilities with the outline, 0..1: how sure it is of it. */
  readonly confidence: number;
  /** How well the CT's own edges agree with it: about the share of the surface with the expected step from bone. */
  readonly edges: number;
}
type Drawn = Omit<OutlinedBody, 'edges'>;

/** @throws InputError of {@link refusal} when the network sees no body at the seed */
export async function segmentOutline(
  volume: Volume,
  seedLps: Vec3,
  network: BodyNetwork,
  lean?: number
): Promise<OutlinedBody> {
  const first = await outlineAt(volume, seedLps, network, { mirrored: true });
  const part = componentAt(first, seedLps, NEAR_MM);
  if (!part || part.mm3 < LEAST_MM3) throw refusal(first.tissue, meanHu(volume, seedLps));
  const fit = fitOutline(first.logits, part.centroid, part.mm3, lean);
  const body = (await lookAgain(volume, seedLps, part, fit, network)) ?? outlined(volume, first, part, fit);
  const edges = edgeScore(volume, body.fit);
  if (body.confidence < LEAST_CERTAINTY || edges < LEAST_EDGES) {
    throw refusalOfOutline(first.tissue, meanHu(volume, seedLps));
  }
  return { ...body, edges };
}

/** How well the CT's own edges agree with a fit. */
function edgeScore(volume: Volume, fit: BodyFit): number {
  const { block } = fitBlocks(volume, [fit.x, fit.y, fit.z]);
  return refineFit(block, fit).score;
}

/** A body off the middle may be cut by the block, a small one is drawn coarsely: both are outlined once more. */
async function lookAgain(
  volume: Volume,
  seed: Vec3,
  { centroid }: Component,
  { lean, height }: BodyFit,
  network: BodyNetwork
): Promise<Drawn | undefined> {
  const zoom = zoomFor(height);
  const off = Math.hypot(...centroid.map((value, axis) => value - seed[axis]));
  if (off < OFF_CENTRE_MM && zoom < LEAST_ZOOM) return undefined;
  const again = await outlineAt(volume, centroid, network, { zoom, mirrored: true });
  const part = componentAt(again, centroid, NEAR_MM);
  if (!part || part.mm3 < LEAST_MM3) return undefined;
  return outlined(volume, again, part, fitOutline(again.logits, part.centroid, part.mm3, lean));
}

function zoomFor(heightMm: number): number {
  return Math.min(MOST_ZOOM, Math.max(1, WANTED_HEIGHT_MM / heightMm));
}

function outlined(volume: Volume, outline: Outline, part: Component, fit: BodyFit): Drawn {
  return { fit, mask: outlineMask(volume, outline.logits, part), confidence: certainty(outline, part) };
}

function meanHu(volume: Volume, seed: Vec3): number {
  const { data } = resample(volume, seed, [2, 2, 2], 1, [-1024, 3071]);
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

/** 2 sum(p m) / (sum p + sum m) inside the CT, p the probabilities and m the outlined part. */
function certainty({ logits: { data }, known }: Outline, { cells }: Component): number {
  let [both, all, count] = [0, 0, 0];
  for (let n = 0; n < data.length; n++) {
    if (!known[n]) continue;
    const p = 1 / (1 + Math.exp(-data[n]));
    all += p;
    if (!cells[n]) continue;
    both += p;
    count++;
  }
  return (2 * both) / (all + count || 1);
}
