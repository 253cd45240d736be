/** Which level a row of bodies probably has, from where ribs end or begin: a proposal for a person to confirm. */
import { applyAffine, invert, type Vec3 } from '../geometry';
import type { VertebraLevel, Volume } from '../types';
import { type BodyFit, bodyAxes } from './fit/shape';
import { tooFar } from './respace';
import type { SegmentedBody } from './segment';

export interface LevelAnchor {
  /** Index into the bodies, from head to pelvis. */
  readonly index: number;
  readonly level: VertebraLevel;
  /** 0..1: how clearly ribs are seen on one side of the transition and not on the other. */
  readonly confidence: number;
  readonly basis: 'last-rib' | 'first-rib';
}

/** Where rib heads lie beside a body: from its wall outwards, from its middle to posterior, around its upper half. mm, shares */
const BESIDE_MM = [3, 13] as const;
const HEIGHTS = [-0.2, 0.65] as const;
const STEP_MM = 2;
const BONE_HU = 160;
/** Lines outwards through a rib head: about 6 x 6 mm of it. */
const LINES = 8;
/** A line is bone by this share where a rib head is for certain; measured 0.35 to 0.6 with thin slices, none beside lumbar bodies. */
const CLEAR = 0.3;
/** Number of bodies examined on either side of the transition; at least one must be there. */
const REACH = 3;
/** Below this nothing is proposed. */
const LEAST_CONFIDENCE = 0.5;
/** The last rib belongs to a body of at least this height, the first to one of at most that, mm. */
const LAST_RIB_MM = 18;
const FIRST_RIB_MM = 22;

/**
 * @param bodies from head to pelvis
 * @returns the level of the body at the transition, or undefined when there is no clear one
 */
export function proposeLevel(volume: Volume, bodies: readonly SegmentedBody[]): LevelAnchor | undefined {
  const ribs = bodies.map(({ fit }) => Math.min(1, ribEvidence(volume, fit) / CLEAR));
  const candidates: LevelAnchor[] = [];
  for (let n = 0; n + 1 < bodies.length; n++) {
    if (tooFar(bodies[n], bodies[n + 1])) continue;
    const [above, below] = [ribs.slice(Math.max(0, n + 1 - REACH), n + 1), ribs.slice(n + 1, n + 1 + REACH)];
    const seen = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [upper, lower] = [bodies[n].fit.height, bodies[n + 1].fit.height];
    // The bodies at the transition itself say most.
    const last = Math.min(seen(above), ribs[n]) * (1 - Math.max(seen(below), ribs[n + 1]));
    const first = (1 - Math.max(seen(above), ribs[n])) * Math.min(seen(below), ribs[n + 1]);
    if (upper >= LAST_RIB_MM) candidates.push({ index: n, level: 'T12', confidence: last, basis: 'last-rib' });
    if (lower <= FIRST_RIB_MM) candidates.push({ index: n + 1, level: 'T1', confidence: first, basis: 'first-rib' });
  }
  const best = candidates.sort((a, b) => b.confidence - a.confidence).at(0);
  return best && best.confidence >= LEAST_CONFIDENCE ? best : undefined;
}

/** Share of bone along the boniest lines beside a body, on the side that shows less: both ribs must be there. */
export function ribEvidence(volume: Volume, fit: BodyFit): number {
  const hu = nearestHu(volume);
  const axes = bodyAxes(fit);
  const sides = [-1, 1].map(side => {
    const lines: number[] = [];
    for (let back = 0; back <= fit.depth / 2 + 1; back += STEP_MM)
      for (let up = HEIGHTS[0] * fit.height; up <= HEIGHTS[1] * fit.height; up += STEP_MM) {
        let [bone, known] = [0, 0];
        for (let out = BESIDE_MM[0]; out <= BESIDE_MM[1]; out++) {
          const left = side * (fit.width / 2 + out);
          const value = hu([
            fit.x + axes[0] * left + axes[1] * back + axes[2] * up,
            fit.y + axes[3] * left + axes[4] * back + axes[5] * up,
            fit.z + axes[6] * left + axes[7] * back + axes[8] * up,
          ]);
          if (value === undefined) continue;
          known++;
          if (value > BONE_HU) bone++;
        }
        if (known > 0) lines.push(bone / known);
      }
    return lines
      .sort((a, b) => b - a)
      .slice(0, LINES)
      .reduce((sum, share) => sum + share / LINES, 0);
  });
  return Math.min(...sides);
}

function nearestHu({ hu, dims, indexToLps }: Volume): (lps: Vec3) => number | undefined {
  const toIndex = invert(indexToLps);
  return lps => {
    const index = applyAffine(toIndex, lps).map(Math.round);
    if (index.some((value, axis) => value < 0 || value >= dims[axis])) return undefined;
    return hu[index[0] + dims[0] * (index[1] + dims[1] * index[2])];
  };
}
