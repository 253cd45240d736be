/** Which slices are searched: the encoder's view of a slice, and the screening network's, together with its neighbours. */
import { type PatchSite, type PatchSpec, type Screening, type ScreeningNetworkUse } from '../geometry';
import { STACK_KINDS } from '../method';
import { type CancelSignal, type Labelmap, type LesionKind, type Volume } from '../types';
import type { SliceEngine } from './engine';
import { type PreparedSlice, prepareSlices, trainedReachMm } from './slices';
import { type ScreenableSlice, stacksOf } from './stacks';

/** Logits are taken from probabilities, which float64 keeps exact enough up to here. */
const LARGEST_LOGIT = 30;
const WITHIN_ROUNDING_MM = 1e-6;

/** The screening network's log odds of each kind in a slice. */
export type KindLogits = Readonly<Record<LesionKind, number>>;

/** A slice as it was screened. */
export interface SliceScreening {
  /** With its neighbours, where the model asks for that. */
  readonly malignancyProbability: number;
  /** Means over the screened slices at most `withinMm` away; absent where the model has no screening network. */
  readonly kindLogits?: KindLogits;
}

/** What runs the networks for screening. */
export type ScreeningEngine = Pick<SliceEngine, 'screenSlices' | 'screenKinds'>;

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
  const shifted = offsetsMm.map(offset => meanNear(logits, offsetsMm, offset, withinMm) + logitShift);
  const further = shifted.some(logit => logit >= 0) ? suspiciousVertebraShift : 0;
  return of.map(n => {
    const together = sigmoid(shifted[n] + further);
    return own[n] < leastOwnProbability ? Math.min(own[n], together) : together;
  });
}

/** Slices of a body to be screened. */
export interface SlicesToScreen {
  /** All that were cut from the body, ascending: those beyond the trained width too where the model has a screening network. */
  readonly body: readonly ScreenableSlice[];
  /** Distance between neighbouring slices of the body, mm. */
  readonly sliceMm: number;
  /** Whether a slice of the body may be judged by, beside those asked about: enough of the body, inside the trained width. */
  readonly known: (slice: ScreenableSlice) => boolean;
  /** Offsets of those asked about, among those of `body`. */
  readonly chosenMm: readonly number[];
}

/**
 * Screens slices of a body: each by the encoder and, where the model has one, the screening network, then with its neighbours.
 * @param screening undefined: each by the encoder alone
 * @returns in the order of `chosenMm`
 */
export async function screenTogether(
  engine: ScreeningEngine,
  { body, sliceMm, known, chosenMm }: SlicesToScreen,
  screening: Screening | undefined,
  cancel?: CancelSignal
): Promise<SliceScreening[]> {
  if (chosenMm.length === 0) return [];
  if (!screening) {
    const chosen = chosenMm.map(offset => body.find(({ offsetMm }) => offsetMm === offset)!);
    return Array.from(await encodeAll(engine, chosen, cancel), malignancyProbability => ({ malignancyProbability }));
  }
  const { withinMm, suspiciousVertebraShift, network } = screening;
  const isNear = ({ offsetMm }: ScreenableSlice) =>
    suspiciousVertebraShift !== undefined ||
    chosenMm.some(one => Math.abs(one - offsetMm) <= withinMm + WITHIN_ROUNDING_MM);
  const around = body.filter(slice => chosenMm.includes(slice.offsetMm) || (isNear(slice) && known(slice)));
  const offsets = around.map(({ offsetMm }) => offsetMm);
  const places = chosenMm.map(offsetMm => offsets.indexOf(offsetMm));
  const encoded = await encodeAll(engine, around, cancel);
  if (!network) {
    return withNeighbours(encoded, offsets, places, screening).map(malignancyProbability => ({
      malignancyProbability,
    }));
  }
  if (!engine.screenKinds) throw new Error('the model asks for a screening network that was not opened');
  const stacks = stacksOf(around, body, { sliceSteps: network.sliceSteps, sliceMm });
  const kinds = splitKinds(await engine.screenKinds(stacks, around.length, { cancel }));
  const own = around.map((_, n) => combined(encoded[n], { lytic: kinds.lytic[n], blastic: kinds.blastic[n] }, network));
  const near = (logits: readonly number[], n: number) => meanNear(logits, offsets, offsets[n], withinMm);
  return withNeighbours(own, offsets, places, screening).map((malignancyProbability, n) => ({
    malignancyProbability,
    kindLogits: { lytic: near(kinds.lytic, places[n]), blastic: near(kinds.blastic, places[n]) },
  }));
}

/** P(malignant) of a slice alone, by the encoder and the screening network together. */
function combined(
  encoded: number,
  { lytic, blastic }: KindLogits,
  { encoderWeight, networkWeight }: ScreeningNetworkUse
): number {
  return sigmoid(encoderWeight * logitOf(encoded) + networkWeight * Math.max(lytic, blastic));
}

function splitKinds(logits: Float32Array): Readonly<Record<LesionKind, readonly number[]>> {
  const of = (kind: number) => Array.from(logits).filter((_, i) => i % STACK_KINDS === kind);
  return { lytic: of(0), blastic: of(1) };
}

/** Mean over the slices at most `withinMm` from an offset. */
function meanNear(logits: readonly number[], offsetsMm: readonly number[], offset: number, withinMm: number): number {
  const near = logits.filter((_, other) => Math.abs(offsetsMm[other] - offset) <= withinMm + WITHIN_ROUNDING_MM);
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

function logitOf(probability: number): number {
  const logit = Math.log(probability / (1 - probability));
  return Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, logit));
}

/** Prepared slices screened: each alone, or with its neighbours and the screening network where the model asks for that. */
export async function screenPrepared(
  engine: ScreeningEngine,
  { volume, bodies, site, spec }: { volume: Volume; bodies: Labelmap; site: PatchSite; spec: PatchSpec },
  chosen: readonly PreparedSlice[],
  cancel?: CancelSignal
): Promise<readonly SliceScreening[]> {
  const { screening } = spec;
  const reach = trainedReachMm(site, spec);
  // The network looks beyond the width inside which slices are judged.
  const seen = screening?.network ? { ...spec, trainedWidthFraction: undefined } : spec;
  const slices: SlicesToScreen = {
    body: screening ? prepareSlices(volume, bodies, site, seen, 'all').slices : chosen,
    sliceMm: spec.spacingMm.leftRight,
    known: ({ offsetMm }) => Math.abs(offsetMm) <= reach,
    chosenMm: chosen.map(({ offsetMm }) => offsetMm),
  };
  return screenTogether(engine, slices, screening, cancel);
}

/** P(malignant) of each slice by the encoder alone. */
function encodeAll(
  engine: ScreeningEngine,
  slices: readonly ScreenableSlice[],
  cancel?: CancelSignal
): Promise<Float64Array> {
  const size = slices[0].patch.length;
  const patches = new Float32Array(slices.length * size);
  slices.forEach(({ patch }, n) => patches.set(patch, n * size));
  return engine.screenSlices(patches, slices.length, { cancel });
}
