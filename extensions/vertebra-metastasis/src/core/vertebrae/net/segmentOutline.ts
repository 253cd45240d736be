/** The body around a click as the network outlines it. */
import type { Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { type Block, resample } from '../fit/block';
import type { BodyMask } from '../fit/rasterise';
import type { BodyFit } from '../fit/shape';
import { type Component, componentAt } from './component';
import { fitOutline } from './fitOutline';
import { type BodyNetwork, type Outline, outlineAt } from './network';
import { outlineMask } from './outlineMask';
import { refusal } from './refusal';

/** A click this close to the outline still means its body. mm */
const NEAR_MM = 3;
/** From this distance on the block is centred anew, on the body found. mm */
const OFF_CENTRE_MM = 3;
/** No vertebral body is smaller. mm3 */
const LEAST_MM3 = 800;

export interface OutlinedBody {
  readonly fit: BodyFit;
  readonly mask: BodyMask;
  /** Overlap of the network's probabilities with the outline, 0..1: how sure it is of it. */
  readonly confidence: number;
}

/** @throws InputError of {@link refusal} when the network sees no body at the seed */
export async function segmentOutline(
  volume: Volume,
  seedLps: Vec3,
  network: BodyNetwork,
  lean?: number
): Promise<OutlinedBody> {
  const first = await outlineAt(volume, seedLps, network);
  const cellMm3 = network.block.spacingMm ** 3;
  const part = large(componentAt(first.logits, seedLps, NEAR_MM), cellMm3);
  if (!part) throw refusal(first.tissue, meanHu(volume, seedLps));
  const { logits, component } = await centred(volume, seedLps, first, part, network);
  const fit = fitOutline(logits, component.centroid, component.count * cellMm3, lean);
  return { fit, mask: outlineMask(volume, logits, component), confidence: certainty(logits, component) };
}

function large(part: Component | undefined, cellMm3: number): Component | undefined {
  return part && part.count * cellMm3 >= LEAST_MM3 ? part : undefined;
}

/** A body off the middle may be cut by the block: it is outlined once more from its own middle. */
async function centred(
  volume: Volume,
  seed: Vec3,
  { logits }: Outline,
  component: Component,
  network: BodyNetwork
): Promise<{ readonly logits: Block; readonly component: Component }> {
  const { centroid } = component;
  if (Math.hypot(...centroid.map((value, axis) => value - seed[axis])) < OFF_CENTRE_MM) return { logits, component };
  const again = await outlineAt(volume, centroid, network);
  const part = componentAt(again.logits, centroid, NEAR_MM);
  return part ? { logits: again.logits, component: part } : { logits, component };
}

function meanHu(volume: Volume, seed: Vec3): number {
  const { data } = resample(volume, seed, [2, 2, 2], 1, [-1024, 3071]);
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

/** 2 sum(p m) / (sum p + sum m) over the block, p the probabilities and m the outlined part. */
function certainty({ data }: Block, { cells, count }: Component): number {
  let [both, all] = [0, 0];
  for (let n = 0; n < data.length; n++) {
    const p = 1 / (1 + Math.exp(-data[n]));
    all += p;
    if (cells[n]) both += p;
  }
  return (2 * both) / (all + count || 1);
}
