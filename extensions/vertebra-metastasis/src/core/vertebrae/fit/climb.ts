/** Pattern search over the pose and size of a body. */
import { type BodyFit, bodyAxes } from './shape';

/** Moves of the search: one face of the body at a time, then its tilt and proportions. */
type Move = (fit: BodyFit, by: number) => BodyFit;
export const face =
  (axis: 0 | 1 | 2, size: 'width' | 'depth' | 'height', side: 1 | -1): Move =>
  (fit, by) => {
    const axes = bodyAxes(fit);
    const shift = (side * by) / 2;
    return {
      ...fit,
      x: fit.x + shift * axes[axis],
      y: fit.y + shift * axes[3 + axis],
      z: fit.z + shift * axes[6 + axis],
      [size]: fit[size] + by,
    };
  };
const MOVES: readonly (readonly [Move, number])[] = [
  [face(2, 'height', 1), 2.5],
  [face(2, 'height', -1), 2.5],
  [face(1, 'depth', 1), 3],
  [face(1, 'depth', -1), 3],
  [face(0, 'width', 1), 3],
  [face(0, 'width', -1), 3],
  [(fit, by) => ({ ...fit, z: fit.z + by }), 2],
  [(fit, by) => ({ ...fit, y: fit.y + by }), 2],
  [(fit, by) => ({ ...fit, x: fit.x + by }), 2],
  [
    (fit, by) => ({ ...fit, width: fit.width * (1 + by), depth: fit.depth * (1 + by), height: fit.height * (1 + by) }),
    0.1,
  ],
  [(fit, by) => ({ ...fit, lean: fit.lean + by }), 0.1],
  [(fit, by) => ({ ...fit, tilt: fit.tilt + by }), 0.07],
  [(fit, by) => ({ ...fit, turn: fit.turn + by }), 0.07],
  [(fit, by) => ({ ...fit, wedge: fit.wedge + by }), 0.05],
];

/** A fit and how well it agrees with what it is fitted to. */
export interface Found {
  readonly fit: BodyFit;
  readonly score: number;
}

/** Pattern search with halving steps. @param scales of the first and last steps */
export function climb(
  start: BodyFit,
  value: (fit: BodyFit) => number,
  [first, last]: readonly [number, number]
): Found {
  let best = { fit: start, score: value(start) };
  for (let scale = first; scale >= last; scale /= 2) {
    for (let moved = true, sweeps = 0; moved && sweeps < 6; sweeps++) {
      moved = false;
      for (const [move, step] of MOVES) {
        for (const sign of [1, -1]) {
          const fit = move(best.fit, sign * scale * step);
          const next = value(fit);
          if (next <= best.score + 1e-5) continue;
          best = { fit, score: next };
          moved = true;
          break;
        }
      }
    }
  }
  return best;
}
