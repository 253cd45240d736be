import type { DiffusionAutoencoder, NoiseTime } from '../../types';
import { clamped, cleanEstimate, ddimMove } from '../ddim';
import type { Hooks } from '../sampler';
import { evaluateNoise } from '../sampler';

/** One step of the reference's recurrence. */
export interface SchedulePoint {
  readonly timestep: number;
  readonly alphaBar: number;
  /** alphaBar arrived at. */
  readonly target: number;
  /** Half log-SNR at `alphaBar`: the variable of interpolation. */
  readonly lambda: number;
}

export interface SparsePlan {
  /** Every step of the reference, in the order of integration. */
  readonly points: readonly SchedulePoint[];
  /** Indices of the points at which the network is evaluated; the first and the last point are among them. */
  readonly nodes: readonly number[];
  /** The time passed to the network at each node (see {@link averagedTimesteps}). */
  readonly times: readonly NoiseTime[];
}

/** Estimates x0 of the clean image at every point of a plan: [points][images, 64, 64] of one image or of a batch. */
export type Trajectory = readonly Float32Array[];

/** What an integration may use and record besides its plan. */
export interface TrajectoryOptions {
  /** Expected trajectory, of one image (shared by all images of the batch) or of each of them. */
  readonly referenceTrajectory?: Trajectory;
  /** Filled with x0 at every point, to serve as another integration's reference. */
  readonly trajectory?: Float32Array[];
  /** Called at each node that was predicted, with the RMS of how far correcting moved it there, in units of the clean image. */
  readonly onDeviation?: (deviation: number) => void;
}

/**
 * Spread of the pixels about what the network expects, in the Gaussian model by which an estimate made at one state is
 * carried over to a neighbouring one. From 0.07 to 0.15 little changes (docs/speed.md).
 */
const SPREAD = 0.15;

/** Past nodes that the predictor extrapolates from: a line. Constant and quadratic were measured to be worse (docs/speed.md). */
const PREDICTOR_NODES = 2;

/** Past nodes that the corrector interpolates through, besides the new one: a parabola. */
const CORRECTOR_NODES = 2;

interface NodeEstimate {
  readonly point: number;
  /** Estimate of the clean image at that point, less the reference trajectory's where there is one. */
  readonly clean: Float64Array;
}

/**
 * The reference's own recurrence, with its clamps and its ends, over all of its steps; but the network is evaluated at a
 * few nodes only and the estimate of the clean image, x0, is a polynomial in lambda between them. The result therefore
 * follows the reference with its discretisation error, not the ODE, which the reference misses by more than the masks
 * tolerate.
 *
 * From node j to node k: predict with x0(lambda) through the last two nodes; evaluate the network at the predicted state
 * with the averaged time of {@link averagedTimesteps}; then integrate again from j with x0 a parabola through k and the two
 * nodes before (a corrector without an evaluation of its own, as in UniPC, Zhao et al. 2023, section 3.1). The estimate
 * made at the predicted state is carried over to the corrected one with the slope that it has where pixels are Gaussian,
 * dx0/dx = sqrt(a) s^2 / (a s^2 + 1 - a): at low noise the noise stays, at high noise the image does. With a reference
 * trajectory, the difference from it is interpolated instead of x0: images of one slice differ little, so their
 * difference is smoother than either. With every point a node the result is the reference, bit for bit.
 */
export async function integrateSparse(
  network: DiffusionAutoencoder,
  start: Float32Array,
  codes: Float32Array,
  batch: number,
  { points, nodes, times }: SparsePlan,
  hooks: Hooks = {},
  { referenceTrajectory, trajectory, onDeviation }: TrajectoryOptions = {}
): Promise<Float32Array> {
  let noisy = start;
  let departed = start;
  const estimates: NodeEstimate[] = [];
  const difference = (clean: Float64Array, point: number) =>
    referenceTrajectory ? subtract(clean, referenceTrajectory[point]) : clean;

  for (let n = 0; n < nodes.length; n++) {
    const here = nodes[n];
    const { alphaBar, target } = points[here];
    const noise = await evaluateNoise(network, noisy, times[n], codes, batch, hooks);
    let clean = cleanEstimate(noisy, noise, alphaBar);
    if (n > 0 && here - nodes[n - 1] > 1) {
      const through = [...estimates.slice(-CORRECTOR_NODES), { point: here, clean: difference(clean, here) }];
      const predicted = noisy;
      noisy = integrateBetween(points, departed, nodes[n - 1], here, through, { referenceTrajectory, trajectory });
      onDeviation?.(rootMeanSquare(predicted, noisy) / Math.sqrt(alphaBar));
      clean = carriedOver(clean, predicted, noisy, alphaBar);
    }
    if (trajectory) trajectory[here] = single(clean);
    if (n === nodes.length - 1) return ddimMove(noisy, clean, alphaBar, target);
    estimates.push({ point: here, clean: difference(clean, here) });
    departed = noisy;
    // The node's own step uses its own estimate, so that neighbouring nodes are the reference exactly.
    const ahead = ddimMove(noisy, clean, alphaBar, target);
    const through = estimates.slice(-PREDICTOR_NODES);
    noisy = integrateBetween(points, ahead, here + 1, nodes[n + 1], through, { referenceTrajectory });
  }
  throw new RangeError('a plan needs at least one node');
}

// Every slice runs this some thousand times with each of its images, so what follows is written in plain loops: typed arrays'
// own `map`, `from` and conversions take several times as long.

/** The values less those of a reference of one image, or of each. */
function subtract(clean: Float64Array, reference: Float32Array): Float64Array {
  const rest = new Float64Array(clean.length);
  for (let start = 0; start < clean.length; start += reference.length) {
    for (let i = 0; i < reference.length; i++) rest[start + i] = clean[start + i] - reference[i];
  }
  return rest;
}

/** Of the differences. */
function rootMeanSquare(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}

function single(values: Float64Array): Float32Array {
  const rounded = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) rounded[i] = values[i];
  return rounded;
}

/** The estimate of the clean image at `to`, given the one at `from`. */
function carriedOver(clean: Float64Array, from: Float32Array, to: Float32Array, alphaBar: number): Float64Array {
  const variance = SPREAD * SPREAD;
  const slope = (Math.sqrt(alphaBar) * variance) / (alphaBar * variance + 1 - alphaBar);
  const carried = new Float64Array(clean.length);
  for (let i = 0; i < clean.length; i++) carried[i] = clamped(clean[i] + slope * (to[i] - from[i]));
  return carried;
}

/** Steps of the reference from point `from` up to point `to`, x0 interpolated through the given estimates. */
function integrateBetween(
  points: readonly SchedulePoint[],
  start: Float32Array,
  from: number,
  to: number,
  through: readonly NodeEstimate[],
  { referenceTrajectory, trajectory }: TrajectoryOptions
): Float32Array {
  let noisy = start;
  const lambdas = through.map(({ point }) => points[point].lambda);
  const clean = new Float64Array(start.length);
  for (let at = from; at < to; at++) {
    interpolate(clean, through, lagrangeWeights(lambdas, points[at].lambda), referenceTrajectory?.[at]);
    if (trajectory) trajectory[at] = single(clean);
    noisy = ddimMove(noisy, clean, points[at].alphaBar, points[at].target);
  }
  return noisy;
}

/** clean = clamp(reference + sum of weights[k] * through[k], -1, 1) for up to three, of a reference of one image, or of each */
function interpolate(
  clean: Float64Array,
  through: readonly NodeEstimate[],
  weights: readonly number[],
  reference: Float32Array | undefined
): void {
  const [{ clean: a }, { clean: b } = through[0], { clean: c } = through[0]] = through;
  const [u, v = 0, w = 0] = weights;
  const size = reference?.length ?? clean.length;
  for (let start = 0; start < clean.length; start += size) {
    for (let i = 0, at = start; i < size; i++, at++) {
      const value = u * a[at] + v * b[at] + w * c[at];
      clean[at] = clamped(reference ? value + reference[i] : value);
    }
  }
}

/** The value at `lambda` of each Lagrange polynomial of the given abscissae. */
function lagrangeWeights(abscissae: readonly number[], lambda: number): number[] {
  return abscissae.map((own, j) =>
    abscissae.reduce((product, other, k) => (k === j ? product : (product * (lambda - other)) / (own - other)), 1)
  );
}
