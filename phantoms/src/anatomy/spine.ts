import { textures } from '../math/noise';
import { poseOf, toLps, type Point, type Pose } from '../math/pose';
import type { Random } from '../math/random';
import { BodyShape, drawBodyShape } from './bodyShape';
import { LEVEL_SIZES, levelIndex, type LevelSize } from './levels';

/** What is common to the vertebrae of one patient. */
export interface PatientAnatomy {
  /** Overall size, 1 = average. */
  readonly scale: number;
  /** Mean attenuation of the marrow space, HU. */
  readonly trabecularHu: number;
  /** Strength of the trabecular pattern, as a share of the marrow's attenuation above fat. */
  readonly trabecularContrast: number;
  /** Thickness of the cortical shell, mm, and its attenuation, HU. */
  readonly cortexMm: number;
  readonly cortexHu: number;
  /** Degenerative change, 0..1. */
  readonly degeneration: number;
  /** Added to every level's usual lean, degrees. */
  readonly leanDegrees: number;
  /** Coronal tilt, degrees. */
  readonly sideDegrees: number;
  /** Attenuation of the blood in large vessels (contrast or none), HU. */
  readonly bloodHu: number;
  /** Muscle, HU. */
  readonly muscleHu: number;
}

/** Draws a patient: osteopenic to dense bone, young to degenerated, with or without contrast. */
export function drawPatientAnatomy(random: Random): PatientAnatomy {
  const density = random.range(0, 1);
  return {
    scale: random.normal(1, 0.06),
    trabecularHu: 70 + 270 * density ** 1.3,
    trabecularContrast: random.range(0.2, 0.62),
    cortexMm: random.range(0.45, 1.0) + 0.3 * density,
    cortexHu: random.range(650, 1250) + 250 * density,
    degeneration: random.range(0, 1) ** 1.5,
    leanDegrees: random.normal(0, 6),
    sideDegrees: random.normal(0, 3),
    bloodHu: random.chance(0.55) ? random.range(120, 380) : random.range(35, 55),
    muscleHu: random.range(40, 70),
  };
}

/** One vertebra of the spine. */
export interface Vertebra {
  readonly level: LevelSize;
  readonly pose: Pose;
  readonly shape: BodyShape;
  /** Gap to the vertebra above, mm. */
  readonly discAboveMm: number;
  /** Attenuation of the marrow space of this one, HU. */
  readonly trabecularHu: number;
  readonly discHu: number;
}

/**
 * Draws a run of vertebrae, top to bottom, with the anchor's body centre at the origin of LPS.
 * @param names consecutive levels
 * @param anchor the one to be put at (0, 0, 0)
 */
export function drawSpine(
  random: Random,
  patient: PatientAnatomy,
  names: readonly string[],
  anchor: string
): Vertebra[] {
  const drawn = names.map(name => {
    const level = LEVEL_SIZES[levelIndex(name)];
    const own = random.fork(name);
    const shape = new BodyShape(drawBodyShape(own, level, patient.scale, patient.degeneration), textures().coarse);
    const narrowing = own.chance(patient.degeneration) ? own.range(0.3, 0.8) : own.range(0.85, 1.1);
    return {
      level,
      shape,
      discAboveMm: Math.max(1.8, level.discMm * patient.scale * narrowing),
      lean: level.leanDegrees + patient.leanDegrees + own.normal(0, 2.5),
      side: patient.sideDegrees + own.normal(0, 1.5),
      turn: own.normal(0, 2),
      trabecularHu: patient.trabecularHu * own.normal(1, 0.06),
      discHu: own.range(60, 110),
    };
  });
  const start = names.indexOf(anchor);
  const centres: Point[] = [];
  centres[start] = [0, 0, 0];
  const step = (upper: number, direction: 1 | -1, from: Point): Point => {
    const above = drawn[upper];
    const below = drawn[upper + 1];
    const length = (above.shape.heightMm + below.shape.heightMm) / 2 + below.discAboveMm;
    const between = poseOf(from, (above.lean + below.lean) / 2, (above.side + below.side) / 2);
    return toLps(between, [0, 0, direction * length]);
  };
  for (let n = start - 1; n >= 0; n--) centres[n] = step(n, 1, centres[n + 1]);
  for (let n = start + 1; n < names.length; n++) centres[n] = step(n - 1, -1, centres[n - 1]);
  return drawn.map((vertebra, n) => ({
    level: vertebra.level,
    shape: vertebra.shape,
    discAboveMm: vertebra.discAboveMm,
    trabecularHu: vertebra.trabecularHu,
    discHu: vertebra.discHu,
    pose: poseOf(centres[n], vertebra.lean, vertebra.side, vertebra.turn),
  }));
}
