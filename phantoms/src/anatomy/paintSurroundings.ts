import type { Field } from '../math/grid';
import { textures } from '../math/noise';
import type { Random } from '../math/random';
import { ramp, visitBox } from '../math/visit';
import type { PatientAnatomy, Vertebra } from './spine';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, max, sqrt } = Math;

const FAT_HU = -95;
const LUNG_HU = -850;

/** What lies beside one vertebra; drawn once per patient and region. */
export interface Surroundings {
  /** Distance of the lung from the wall of the body, mm; Infinity where there is none. */
  readonly lungMm: number;
  /** How much of the anterior side the lung takes: 0 only lateral, 1 around the front. */
  readonly lungFront: number;
  /** Layer of fat around the body, mm. */
  readonly fatMm: number;
  /** Vessels running along the spine: centre (mm in the vertebra's frame, from the anterior wall), radius, HU. */
  readonly vessels: readonly {
    readonly x: number;
    readonly forwardMm: number;
    readonly radiusMm: number;
    readonly hu: number;
  }[];
  /** Share of fat in the muscles, 0..1. */
  readonly muscleFat: number;
  readonly noiseOffset: readonly [number, number, number];
}

/** Draws what lies around the body: lung and aorta in the chest, psoas and vessels in the abdomen, airway and muscles in the neck. */
export function drawSurroundings(
  random: Random,
  patient: PatientAnatomy,
  region: Vertebra['level']['region']
): Surroundings {
  const vessel = (x: number, forwardMm: number, radiusMm: number, hu: number) => ({ x, forwardMm, radiusMm, hu });
  const blood = patient.bloodHu;
  const vessels =
    region === 'thoracic'
      ? [
          vessel(random.range(8, 22), random.range(4, 12), random.range(9, 14), blood),
          vessel(random.range(-8, 4), random.range(4, 9), random.range(1.5, 3), blood * 0.8),
        ]
      : region === 'lumbar'
        ? [
            vessel(random.range(2, 12), random.range(11, 16), random.range(7, 11), blood),
            vessel(random.range(-22, -12), random.range(8, 14), random.range(8, 12), blood * 0.75),
          ]
        : [
            vessel(random.range(-3, 3), random.range(14, 20), random.range(7, 9), -990),
            vessel(random.range(20, 26), random.range(4, 10), random.range(3, 5), blood),
          ];
  return {
    lungMm: region === 'thoracic' ? random.range(2.5, 9) : Infinity,
    lungFront: random.range(0, 1),
    fatMm: random.range(0.5, 4),
    vessels,
    muscleFat: random.range(0, 0.6),
    noiseOffset: [random.range(0, 70), random.range(0, 70), random.range(0, 70)],
  };
}

/** Fills the whole field: muscle with strands of fat, a fat layer round the body, vessels, lung. Painted before any bone. */
export function paintSurroundings(patient: PatientAnatomy, around: Surroundings, vertebra: Vertebra, hu: Field): void {
  const { coarse, marrow } = textures();
  const { shape, pose } = vertebra;
  const [ox, oy, oz] = around.noiseOffset;
  const halfDepth = shape.parameters.depthMm / 2;
  const halfWidth = shape.parameters.widthMm / 2;
  const everywhere = 1e4;
  visitBox(
    hu,
    pose,
    [-everywhere, -everywhere, -everywhere],
    [everywhere, everywhere, everywhere],
    (index, x, y, z) => {
      const slow = coarse.at(x * 0.55 + ox, y * 0.55 + oy, z * 0.3 + oz);
      const strand = coarse.at(x + oy, y + oz, z * 0.4 + ox) + 0.4 * marrow.at(x + oz, y + ox, z + oy);
      let value = patient.muscleHu + 5 * slow;
      const fatty = ramp(strand - 2.2 + 2.2 * around.muscleFat, 0, 0.7);
      value += (FAT_HU - value) * fatty;
      // Distance outside the wall, as if the body were a column.
      const u = x / halfWidth;
      const v = y / halfDepth;
      const outside = sqrt(x * x + y * y) * (1 - 1 / max(sqrt(u * u + v * v), 0.05)) + 0.8 * slow;
      if (y < halfDepth * 1.1) {
        const layer = ramp(around.fatMm - outside, -0.5, 0.5);
        value += (FAT_HU - value) * layer * 0.8;
        if (y < 0) value += (FAT_HU - value) * ramp(slow + outside * 0.05, 0.3, 0.9) * 0.7;
      }
      if (outside > around.lungMm && y < halfDepth * 1.6) {
        const front = -y - halfDepth * 0.4;
        const clear = around.lungFront * 40 - 14;
        const lung =
          ramp(outside - around.lungMm, 0, 1) *
          ramp(abs(x) - max(0, front - clear) * 0.8 - 4 * (1 - around.lungFront), 0, 1);
        value += (LUNG_HU + 60 * strand - value) * lung;
      }
      for (const vessel of around.vessels) {
        const dx = x - vessel.x;
        const dy = y + halfDepth + vessel.forwardMm;
        const depth = vessel.radiusMm - sqrt(dx * dx + dy * dy) + 0.3 * slow;
        if (depth > -0.6) value += (vessel.hu - value) * ramp(depth, -0.6, 0.6);
      }
      hu.data[index] = value;
    }
  );
}

/** Paints the disc above a vertebra and its stretch of the spinal canal. Painted after the surroundings and before bone. */
export function paintDiscAndCanal(random: Random, patient: PatientAnatomy, vertebra: Vertebra, hu: Field): void {
  const { shape, level, pose, discAboveMm } = vertebra;
  const { coarse } = textures();
  const p = shape.parameters;
  const w = p.widthMm / 2;
  const d = p.depthMm / 2;
  const h = shape.heightMm / 2;
  const bulge = random.range(0, 1.5) * (0.4 + patient.degeneration);
  const rim = random.range(0, 40);
  visitBox(hu, pose, [-w - 4, -d - 4, h - 6], [w + 4, d + 4, h + discAboveMm + 6], (index, x, y, z) => {
    const u = x / (w + bulge);
    const v = y / (d + bulge);
    const rho = sqrt(max(0, u * u + v * v - p.squareness * u * u * v * v));
    const inside = ramp((1 - rho) * d, -0.4, 0.4);
    if (inside === 0) return;
    const value = vertebra.discHu + rim * rho * rho + 6 * coarse.at(x, y, z);
    hu.data[index] += (value - hu.data[index]) * inside;
  });
  const [canalWidth, canalDepth] = level.canalMm;
  const cordHu = random.range(35, 50);
  const fluidHu = random.range(12, 32);
  const cord = level.region === 'lumbar' ? 0.35 : 0.6;
  const middle = d + canalDepth / 2 - p.kidney * d * 0.6;
  visitBox(
    hu,
    pose,
    [-canalWidth / 2 - 2, d * 0.7, -h - 6],
    [canalWidth / 2 + 2, d + canalDepth + 3, h + discAboveMm + 6],
    (index, x, y) => {
      const u = x / (canalWidth / 2);
      const v = (y - middle) / (canalDepth / 2);
      const rho = sqrt(u * u + v * v);
      const inside = ramp((1.08 - rho) * canalDepth * 0.5, -0.5, 0.5);
      if (inside === 0) return;
      const sac = ramp(0.86 - rho + (v < 0 ? 0.1 : 0), -0.08, 0.08);
      const cordShare = ramp(cord - rho, -0.1, 0.1);
      let value = FAT_HU + (fluidHu - FAT_HU) * sac;
      value += (cordHu - value) * cordShare;
      hu.data[index] += (value - hu.data[index]) * inside;
    }
  );
}
