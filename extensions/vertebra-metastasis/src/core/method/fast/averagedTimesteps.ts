import type { NoiseTime } from '../../types';

/** Weights fall by about four from a node to the next; smaller ones are set to zero. */
const NEGLIGIBLE = 1e-5;

/**
 * What the network is to be told of the time at each node of a walk.
 *
 * The features by which the network reads its timestep (sines of up to one radian a step) change without pattern from one of
 * the reference's steps to the next, and its noise predictions with them: the reference averages that jitter over all of its
 * steps, while an answer at one step alone would carry its own into a whole gap. The network is close to linear in
 * these small changes, so it is asked with features averaged over the steps around a node instead. With the hat
 * functions h_k between which a walk interpolates, the features B_k of the nodes are those of
 *     min over B of sum_i w_i |A(t_i) - sum_k h_k(i) B_k|^2,   w_i = 1 - exp(-|lambda_(i+1) - lambda_i|), and 1 for the last step,
 * w_i being the share of step i's estimate in the image that it arrives at (relative to the noise there on the way up).
 * So whatever is linear in lambda is left as it is, and of the rest every hat-weighted mean (a Galerkin projection; our own).
 * Nodes among neighbouring nodes keep their own timestep.
 * @param timesteps of every step of a walk
 * @param lambdas half log-SNR at every step, strictly monotone
 * @param nodes indices of the steps at which the network is asked, ascending, first and last among them
 */
export function averagedTimesteps(
  timesteps: readonly number[],
  lambdas: readonly number[],
  nodes: readonly number[]
): NoiseTime[] {
  const weights = stepWeights(lambdas);
  const size = nodes.length;
  const [diagonal, beside] = [new Float64Array(size), new Float64Array(size)];
  // Row k: right-hand side of the normal equations, w_i h_k(i) for every step i.
  const rows = nodes.map(() => new Float64Array(lambdas.length));
  for (let k = 0; k < size; k++) {
    rows[k][nodes[k]] = weights[nodes[k]];
    diagonal[k] += weights[nodes[k]];
    for (let i = nodes[k] + 1; i < nodes[k + 1]; i++) {
      const next = (lambdas[i] - lambdas[nodes[k]]) / (lambdas[nodes[k + 1]] - lambdas[nodes[k]]);
      rows[k][i] = weights[i] * (1 - next);
      rows[k + 1][i] = weights[i] * next;
      diagonal[k] += weights[i] * (1 - next) ** 2;
      diagonal[k + 1] += weights[i] * next ** 2;
      beside[k] += weights[i] * next * (1 - next);
    }
  }
  solveTridiagonal(diagonal, beside, rows);
  return rows.map((row, k) => {
    const used = [...row.keys()].filter(i => Math.abs(row[i]) > NEGLIGIBLE);
    if (used.length === 1) return timesteps[nodes[k]];
    const sum = used.reduce((total, i) => total + row[i], 0);
    return { timesteps: used.map(i => timesteps[i]), weights: used.map(i => row[i] / sum) };
  });
}

/** How much of the image that each step arrives at is its own estimate. */
export function stepWeights(lambdas: readonly number[]): number[] {
  return lambdas.map((lambda, i) => (i + 1 < lambdas.length ? 1 - Math.exp(-Math.abs(lambdas[i + 1] - lambda)) : 1));
}

/** Symmetric tridiagonal equations, many right-hand sides, in place: no row exchange, as the matrix is positive definite. */
function solveTridiagonal(diagonal: Float64Array, beside: Float64Array, rows: Float64Array[]): void {
  const add = (to: Float64Array, from: Float64Array, factor: number) => {
    if (factor !== 0) from.forEach((value, i) => (to[i] += factor * value));
  };
  for (let k = 1; k < rows.length; k++) {
    const factor = beside[k - 1] / diagonal[k - 1];
    diagonal[k] -= factor * beside[k - 1];
    add(rows[k], rows[k - 1], -factor);
  }
  for (let k = rows.length - 1; k >= 0; k--) {
    if (k + 1 < rows.length) add(rows[k], rows[k + 1], -beside[k]);
    rows[k].forEach((value, i) => (rows[k][i] = value / diagonal[k]));
  }
}
