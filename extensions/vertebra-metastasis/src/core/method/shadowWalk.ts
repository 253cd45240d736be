import type { DiffusionAutoencoder, NoiseTime } from '../types';
import { clamped, cleanEstimate, ddimMove } from './ddim';
import type { Hooks } from './sampler';
import { evaluateNoise } from './sampler';

/** One step of the reference's recurrence. */
export interface WalkPoint {
  readonly timestep: number;
  readonly alphaBar: number;
  /** alphaBar arrived at. */
  readonly target: number;
  /** Half log-SNR at `alphaBar`: the variable of interpolation. */
  readonly lambda: number;
}

export interface WalkPlan {
  /** Every step of the reference, in the order of the walk. */
  readonly points: readonly WalkPoint[];
  /** Indices of the points at which the network is asked; the first and the last point are among them. */
  readonly nodes: readonly number[];
  /** What the network is told of the time at each node (see {@link timeBlends}). */
  readonly times: readonly NoiseTime[];
}

/** Estimates of the clean image at every point of a walk, of one image or of each image of a batch. */
export type Guide = readonly Float32Array[];

/**
 * Spread of the pixels about what the network expects, in the Gaussian model by which an estimate made at one state is
 * carried over to a neighbouring one. From 0.07 to 0.15 little changes (docs/speed.md).
 */
const SPREAD = 0.15;

/** Nodes behind that the way ahead of a node rests on: a line. Constant and quadratic were measured to be worse (docs/speed.md). */
const AHEAD = 2;

/** Nodes behind that the corrector rests on, besides the one ahead: a parabola. */
const BEHIND = 2;

interface Known {
  readonly point: number;
  /** Estimate of the clean image there, less the guide's where there is one. */
  readonly clean: Float64Array;
}

/**
 * The reference's own recurrence, with its clamps and its ends, over all of its steps; but the network is asked at a few
 * nodes only and the estimate of the clean image, x0, is a polynomial in lambda between them. So it follows the
 * reference with its discretisation error and not the ODE, which the reference misses by more than the masks tolerate.
 *
 * From node j to node k: ahead with x0(lambda) through the last two nodes; the network is asked at the state predicted,
 * and told of the time what {@link timeBlends} says; then once more from j with x0 a parabola through k and the two nodes
 * before (a corrector without an evaluation of its own, as in UniPC, Zhao et al. 2023, section 3.1). The estimate at the
 * predicted state is carried over to the corrected one with the slope that it has where pixels are Gaussian,
 * dx0/dx = sqrt(a) s^2 / (a s^2 + 1 - a): at low noise the noise stays, at high noise the image does. With a guide, x0 less
 * the guide's x0 is what is interpolated: images of one slice differ little, so their difference is smoother than either.
 * With every point a node it is the reference, bit for bit.
 * @param guide of one image, shared by all images of the batch, or of each of them
 * @param trail filled with x0 at every point, to guide others
 */
export async function shadowWalk(
  network: DiffusionAutoencoder,
  start: Float32Array,
  codes: Float32Array,
  batch: number,
  { points, nodes, times }: WalkPlan,
  hooks: Hooks = {},
  guide?: Guide,
  trail?: Float32Array[]
): Promise<Float32Array> {
  let noisy = start;
  let departed = start;
  const known: Known[] = [];
  const lessGuide = (clean: Float64Array, point: number) => (guide ? less(clean, guide[point]) : clean);

  for (let n = 0; n < nodes.length; n++) {
    const here = nodes[n];
    const { alphaBar, target } = points[here];
    const noise = await evaluateNoise(network, noisy, times[n], codes, batch, hooks);
    let clean = cleanEstimate(noisy, noise, alphaBar);
    if (n > 0 && here - nodes[n - 1] > 1) {
      const ends = [...known.slice(-BEHIND), { point: here, clean: lessGuide(clean, here) }];
      const predicted = noisy;
      noisy = cross(points, departed, nodes[n - 1], here, ends, guide, trail);
      clean = carriedOver(clean, predicted, noisy, alphaBar);
    }
    if (trail) trail[here] = single(clean);
    if (n === nodes.length - 1) return ddimMove(noisy, clean, alphaBar, target);
    known.push({ point: here, clean: lessGuide(clean, here) });
    departed = noisy;
    // The node itself is stepped from with its own estimate, so that neighbouring nodes are the reference exactly.
    const ahead = ddimMove(noisy, clean, alphaBar, target);
    noisy = cross(points, ahead, here + 1, nodes[n + 1], known.slice(-AHEAD), guide);
  }
  throw new RangeError('a walk needs at least one node');
}

// Every slice passes here some thousand times with each of its images, so what follows is written out in plain loops: typed arrays'
// own `map`, `from` and conversions take several times as long.

/** The values less those of a guide of one image, or of each. */
function less(clean: Float64Array, guide: Float32Array): Float64Array {
  const rest = new Float64Array(clean.length);
  for (let start = 0; start < clean.length; start += guide.length) {
    for (let i = 0; i < guide.length; i++) rest[start + i] = clean[start + i] - guide[i];
  }
  return rest;
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

/** Steps of the reference from point `from` up to point `to`, x0 interpolated through `through`. */
function cross(
  points: readonly WalkPoint[],
  start: Float32Array,
  from: number,
  to: number,
  through: readonly Known[],
  guide?: Guide,
  trail?: Float32Array[]
): Float32Array {
  let noisy = start;
  const lambdas = through.map(({ point }) => points[point].lambda);
  const clean = new Float64Array(start.length);
  for (let at = from; at < to; at++) {
    interpolate(clean, through, lagrangeWeights(lambdas, points[at].lambda), guide?.[at]);
    if (trail) trail[at] = single(clean);
    noisy = ddimMove(noisy, clean, points[at].alphaBar, points[at].target);
  }
  return noisy;
}

/** clean = clamp(guide + sum of weights[k] * through[k], -1, 1) for up to three, of a guide of one image, or of each */
function interpolate(
  clean: Float64Array,
  through: readonly Known[],
  weights: readonly number[],
  guide: Float32Array | undefined
): void {
  const [{ clean: a }, { clean: b } = through[0], { clean: c } = through[0]] = through;
  const [u, v = 0, w = 0] = weights;
  const size = guide?.length ?? clean.length;
  for (let start = 0; start < clean.length; start += size) {
    for (let i = 0, at = start; i < size; i++, at++) {
      const value = u * a[at] + v * b[at] + w * c[at];
      clean[at] = clamped(guide ? value + guide[i] : value);
    }
  }
}

/** The value at `lambda` of each Lagrange polynomial of the given abscissae. */
function lagrangeWeights(abscissae: readonly number[], lambda: number): number[] {
  return abscissae.map((own, j) =>
    abscissae.reduce((product, other, k) => (k === j ? product : (product * (lambda - other)) / (own - other)), 1)
  );
}
