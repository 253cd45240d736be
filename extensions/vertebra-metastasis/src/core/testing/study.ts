/** A spine of ellipsoids and an engine that finds what it is told, for tests of everything around the networks. */
import type { AttributionHooks, MethodOptions } from '../method';
import { applyThreshold, defaultMethodOptions } from '../method';
import type { SliceEngine, StudyInput } from '../study';
import { PATCH_PIXELS, PATCH_SIZE, type PatchMask, type ScoredCandidate } from '../types';
import { ellipsoid, gridAlong, labelsOf, volumeOf } from './grids';

export const SPEC = {
  size: PATCH_SIZE,
  spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
};
export const LABELS = { T11: 19, T12: 20, L1: 21 };
const CENTRES = { T11: [0, 0, 36], T12: [0, 0, 0], L1: [0, 4, -36] } as const;

/** Three bodies, 36 mm apart, in a CT of 100 x 80 x 120 mm; L1 is cut by the border when `cutL1`. */
export function spine(cutL1 = false): StudyInput {
  const height = cutL1 ? 96 : 120;
  const grid = gridAlong(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [1.25, 1.25, 2],
    [80, 64, height / 2],
    [0.6, 0, 60 - height / 2]
  );
  const bodies = Object.entries(LABELS).map(([level, label]) => ({
    label,
    inside: ellipsoid(CENTRES[level as keyof typeof CENTRES], [12, 14, 12]),
  }));
  return {
    volume: volumeOf(grid, ([x, y, z]) => 100 + 40 * Math.sin(x / 3) * Math.cos(y / 4) + z),
    bodies: labelsOf(grid, position => bodies.find(({ inside }) => inside(position))?.label ?? 0),
    spec: SPEC,
  };
}

/** A square of pixels about the middle of the patch, moved by (rows, columns). */
export function square(half: number, rows = 0, columns = 0): PatchMask {
  return Uint8Array.from({ length: PATCH_PIXELS }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / PATCH_SIZE) - 32 - rows, (pixel % PATCH_SIZE) - 32 - columns];
    return Math.abs(row) <= half && Math.abs(column) <= half ? 1 : 0;
  });
}

export function candidate(
  id: number,
  kind: ScoredCandidate['kind'],
  mask: PatchMask,
  attributionScore: number
): ScoredCandidate {
  const pixelCount = mask.reduce((sum, inside) => sum + inside, 0);
  return { id, kind, mask, pixelCount, attributionScore, probability: 0.5, kept: false };
}

export interface ScriptedEngine extends SliceEngine {
  /** Slices handed in so far. */
  readonly calls: { patch: Float32Array; bodyMask: PatchMask }[];
}

/** An engine that "evaluates" `evaluations` times and finds the given candidates in every slice. */
export function scriptedEngine(
  candidates: readonly ScoredCandidate[],
  script: {
    evaluations?: number;
    malignancy?: number;
    screening?: number[];
    onSlice?: (call: number, hooks: AttributionHooks) => void;
  } = {}
): ScriptedEngine {
  const { evaluations = 3, malignancy = 0.9, screening, onSlice } = script;
  const calls: ScriptedEngine['calls'] = [];
  const empty = new Float32Array(PATCH_PIXELS);
  return {
    calls,
    async attributeSlice(patch, bodyMask, options: MethodOptions, hooks) {
      calls.push({ patch, bodyMask });
      hooks.onPlan?.(evaluations);
      onSlice?.(calls.length, hooks);
      for (let n = 0; n < evaluations; n++) hooks.onEvaluations?.(1);
      return {
        patch,
        bodyMask,
        semanticCode: empty,
        stochasticCode: empty,
        reconstruction: empty,
        healthyCode: empty,
        healthyEdit: empty,
        differenceMap: empty,
        composites: [],
        harmonised: [],
        lyticCandidates: new Uint8Array(PATCH_PIXELS),
        blasticCandidates: new Uint8Array(PATCH_PIXELS),
        ...applyThreshold(candidates, options.attributionThreshold, options.minPixels),
        malignancyProbability: malignancy - 0.01 * calls.length,
        healthyProbability: 1e-5,
        evaluations: { noise: evaluations, encoder: 1 },
      };
    },
    async screenSlices(_, count) {
      return Float64Array.from({ length: count }, (_value, n) => screening?.[n] ?? n / 10);
    },
  };
}

export const METHOD = defaultMethodOptions();
