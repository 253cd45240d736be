/** Fits the typical body to a block of CT around a click: where, how big and how tilted it is. */
import type { Vec3 } from '../../geometry';
import type { Block } from './block';
import { climb, face, type Found } from './climb';
import { type Expectation, score, sceneOf } from './score';
import { type BodyFit, typicalSizes } from './shape';

const WALL_JUMPS_MM = [-7, 4, 9];
/** Sizes of the first and last steps: of the search on the blurred block, and of what follows on the sharper one. */
const SEARCH_SCALES = [1, 0.25] as const;
const REFINE_SCALES = [0.5, 0.125] as const;

export interface FitHints extends Expectation {
  /** A fit found before, as one more starting point. */
  readonly start?: BodyFit;
  /** Look from the given point only and refine less: for searches that start at many points. */
  readonly quick?: boolean;
}

/**
 * @returns fits from the best on, each the end of a search of its own; the score is about the mean share of the surface with
 *   full evidence
 */
export function fitBody(ct: Block, click: Vec3, hints: FitHints = {}): readonly Found[] {
  const scene = sceneOf(ct, click);
  const starts = startingFits(click, hints)
    .map(fit => ({ fit, score: score(scene, fit, click, hints) }))
    .sort((a, b) => b.score - a.score);
  const chosen: typeof starts = [];
  for (const start of starts) {
    if (chosen.length === (hints.start ? 2 : 3)) break;
    if (chosen.every(({ fit }) => far(fit, start.fit))) chosen.push(start);
  }
  const value = (candidate: BodyFit) => score(scene, candidate, click, hints);
  const from = [...chosen.map(({ fit }) => fit), ...(hints.start ? [hints.start] : [])];
  const found = from.map(fit => climb(fit, value, SEARCH_SCALES)).sort((a, b) => b.score - a.score);
  if (hints.quick) return found;
  // A nodule's rear may pass for the posterior wall: steps too long for the search are tried from the best fit.
  const jumps = WALL_JUMPS_MM.map(by => climb(face(1, 'depth', 1)(found[0].fit, by), value, SEARCH_SCALES));
  return [...found, ...jumps].sort((a, b) => b.score - a.score);
}

function startingFits([x, y, z]: Vec3, { lean, height, quick }: FitHints): BodyFit[] {
  const leans = lean === undefined ? [-0.38, -0.13, 0.13, 0.38] : [lean - 0.12, lean + 0.12];
  const heights = height === undefined ? [14, 17, 20, 23, 26.5, 30] : [0.88 * height, height, 1.12 * height];
  const fits: BodyFit[] = [];
  for (const h of heights) {
    const { width, depth } = typicalSizes(h);
    const reach = Math.min(6, 0.3 * h);
    for (const l of leans)
      for (const dx of quick ? [0] : [-5, 0, 5])
        for (const dy of quick ? [-5, 0, 5] : [-6, -2, 2, 6])
          for (const dz of quick ? [0] : [-reach, -reach / 2, 0, reach / 2, reach])
            fits.push({
              x: x + dx,
              y: y + dy,
              z: z + dz,
              lean: l,
              tilt: 0,
              turn: 0,
              width,
              depth,
              height: h,
              wedge: 0,
            });
  }
  return fits;
}

function far(a: BodyFit, b: BodyFit): boolean {
  return (
    Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) > 4 ||
    Math.abs(a.height - b.height) > 2.5 ||
    Math.abs(a.lean - b.lean) > 0.3
  );
}

/** Climbs from a fit found on a blurred block, on a sharper one. */
export function refineFit(ct: Block, start: BodyFit, hints: FitHints = {}): Found {
  const centre: Vec3 = [start.x, start.y, start.z];
  const scene = sceneOf(ct, centre);
  return climb(start, candidate => score(scene, candidate, centre, hints), REFINE_SCALES);
}
