import type { Trajectory } from './integrateSparse';
import { schedulePoints } from './evaluationNodes';

/**
 * The trajectory expected in render, from the one recorded in inversion: x0 at the points of the render schedule, linear in
 * lambda between neighbouring inversion steps. The same image passes the same states in both directions, but for the errors
 * of the reference's own steps.
 */
export function expectedRenderTrajectory(inversion: Trajectory): Trajectory {
  return NEIGHBOURS.map(({ before, after, weight }) => {
    const [from, to] = [inversion[before], inversion[after]];
    const between = new Float32Array(from.length);
    for (let i = 0; i < between.length; i++) between[i] = from[i] + weight * (to[i] - from[i]);
    return between;
  });
}

/** The inversion points on both sides of each render point, and the weight of the second. */
const NEIGHBOURS = neighbours();

function neighbours(): { before: number; after: number; weight: number }[] {
  const inversion = schedulePoints('inversion');
  const last = inversion.length - 1;
  return schedulePoints('render').map(({ timestep, lambda }) => {
    const after = inversion.findIndex((point, i) => i === last || point.timestep > timestep);
    const before = Math.max(0, after - 1);
    const [from, to] = [inversion[before].lambda, inversion[after].lambda];
    return { before, after, weight: (lambda - from) / (to - from) };
  });
}

/** a + b - c in single precision; `a` and `c` are trajectories of one image, `b` of each image of a batch. */
export function shiftedTrajectory(a: Trajectory, b: Trajectory, c: Trajectory): Trajectory {
  return b.map((images, at) => {
    const sum = new Float32Array(images.length);
    const [plus, minus] = [a[at], c[at]];
    for (let start = 0; start < sum.length; start += plus.length) {
      for (let i = 0; i < plus.length; i++) sum[start + i] = plus[i] + images[start + i] - minus[i];
    }
    return sum;
  });
}
