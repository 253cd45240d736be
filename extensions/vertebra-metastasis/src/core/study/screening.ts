/** Which slices are searched: the encoder's view of a slice together with its neighbours. */
import { type PatchSite, type PatchSpec, type Screening } from '../geometry';
import { type CancelSignal, type Labelmap, type Volume } from '../types';
import type { SliceEngine } from './engine';
import { type PreparedSlice, prepareSlices } from './slices';

/** Logits are taken from probabilities, which float64 keeps exact enough up to here. */
const LARGEST_LOGIT = 30;

/**
 * P(malignant) of slices with their neighbours: the mean logit over all slices within `withinMm`, shifted by what was
 * calibrated on real healthy bone. A lesion is some millimetres thick; what a single slice shows is often noise. A slice below
 * `leastOwnProbability` keeps its own P where that is the smaller.
 * @param own P(malignant) of each slice alone; all slices of the vertebra where `screening.suspiciousVertebraShift` is set
 * @param offsetsMm of those slices
 * @param of which slices are asked about: positions in `own`
 */
export function withNeighbours(
  own: ArrayLike<number>,
  offsetsMm: readonly number[],
  of: readonly number[],
  { withinMm, logitShift, suspiciousVertebraShift = 0, leastOwnProbability = 0 }: Screening
): number[] {
  const logits = Array.from(own, logitOf);
  const shifted = offsetsMm.map(offset => {
    const near = logits.filter((_, other) => Math.abs(offsetsMm[other] - offset) <= withinMm + 1e-6);
    return near.reduce((sum, value) => sum + value, 0) / near.length + logitShift;
  });
  const further = shifted.some(logit => logit >= 0) ? suspiciousVertebraShift : 0;
  return of.map(n => {
    const together = 1 / (1 + Math.exp(-(shifted[n] + further)));
    return own[n] < leastOwnProbability ? Math.min(own[n], together) : together;
  });
}

function logitOf(probability: number): number {
  const logit = Math.log(probability / (1 - probability));
  return Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, logit));
}

/** P(malignant) of prepared slices: each alone, or with its neighbours where the model asks for that. */
export async function screenPrepared(
  engine: SliceEngine,
  { volume, bodies, site, spec }: { volume: Volume; bodies: Labelmap; site: PatchSite; spec: PatchSpec },
  chosen: readonly PreparedSlice[],
  cancel?: CancelSignal
): Promise<readonly number[]> {
  const { screening } = spec;
  if (!screening) return Array.from(await encodeAll(engine, chosen, cancel));
  const near = ({ offsetMm }: PreparedSlice) =>
    screening.suspiciousVertebraShift !== undefined ||
    chosen.some(one => Math.abs(one.offsetMm - offsetMm) <= screening.withinMm + 1e-6);
  const around = prepareSlices(volume, bodies, site, spec, 'all').slices.filter(near);
  const own = await encodeAll(engine, around, cancel);
  const offsets = around.map(({ offsetMm }) => offsetMm);
  const places = chosen.map(({ offsetMm }) => offsets.indexOf(offsetMm));
  return withNeighbours(own, offsets, places, screening);
}

/** P(malignant) of each slice by the encoder alone. */
function encodeAll(
  engine: SliceEngine,
  slices: readonly PreparedSlice[],
  cancel?: CancelSignal
): Promise<Float64Array> {
  const size = slices[0].patch.length;
  const patches = new Float32Array(slices.length * size);
  slices.forEach(({ patch }, n) => patches.set(patch, n * size));
  return engine.screenSlices(patches, slices.length, { cancel });
}
