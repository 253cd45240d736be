import type { PatientAnatomy, Vertebra } from '../anatomy/spine';
import type { Field } from '../math/grid';
import { textures } from '../math/noise';
import { ramp } from '../math/visit';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, max, min, sqrt } = Math;

const HU = {
  air: -1000,
  fat: -100,
  skin: 20,
  liver: 105,
  kidney: 165,
  spleen: 115,
  pancreas: 85,
  bowel: 60,
  foam: -900,
  board: -60,
} as const;

/** An organ as an ellipsoid: centre and half-axes in mm, relative to the spine at its height (x left, y posterior) and to L1 (z). */
interface Organ {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly hu: number;
  /** Depth of an uneven surface, mm. */
  readonly uneven: number;
  /** What fills it deeper than this: a kidney's sinus, a bowel's content. */
  readonly core?: { readonly depthMm: number; readonly hu: number };
}

const SINUS = { depthMm: 13, hu: 5 } as const;
const CONTENT = { depthMm: 3, hu: 28 } as const;
const GAS = { depthMm: 2.5, hu: -880 } as const;
const ORGANS: readonly Organ[] = [
  { centre: [-78, -40, 70], radii: [62, 62, 95], hu: HU.liver, uneven: 3 },
  { centre: [92, 6, 62], radii: [30, 42, 52], hu: HU.spleen, uneven: 2 },
  { centre: [-60, 12, -8], radii: [24, 25, 54], hu: HU.kidney, uneven: 1, core: SINUS },
  { centre: [60, 10, 4], radii: [24, 25, 54], hu: HU.kidney, uneven: 1, core: SINUS },
  { centre: [36, -62, 44], radii: [44, 34, 40], hu: HU.bowel, uneven: 4, core: CONTENT },
  { centre: [4, -52, 8], radii: [48, 9, 13], hu: HU.pancreas, uneven: 5 },
  { centre: [-36, -44, -4], radii: [13, 14, 34], hu: HU.bowel, uneven: 3, core: CONTENT },
  { centre: [30, -62, -34], radii: [24, 15, 16], hu: HU.bowel, uneven: 5, core: CONTENT },
  { centre: [-4, -58, -50], radii: [22, 13, 16], hu: HU.bowel, uneven: 5, core: CONTENT },
  { centre: [26, -50, -72], radii: [26, 14, 15], hu: HU.bowel, uneven: 5, core: GAS },
  { centre: [-30, -66, -74], radii: [24, 16, 18], hu: HU.bowel, uneven: 5, core: CONTENT },
  { centre: [-10, -86, -16], radii: [62, 15, 18], hu: HU.bowel, uneven: 5, core: GAS },
  { centre: [80, -46, -36], radii: [19, 20, 70], hu: HU.bowel, uneven: 4, core: GAS },
  { centre: [-84, -46, -72], radii: [22, 22, 44], hu: HU.bowel, uneven: 4, core: GAS },
];

/** Half-axes of the trunk and the distance of its centre in front of the bodies' centres, mm. */
const TRUNK = { halfWidth: 162, halfDepth: 112, forward: 24 } as const;
const SUBCUTANEOUS_MM = 17;
const SKIN_MM = 2;

/** y and x of the spine's curve at a height, by interpolation between the bodies' centres (LPS mm). */
export function spineCurve(spine: readonly Vertebra[]): (z: number) => readonly [number, number] {
  const centres = spine.map(vertebra => vertebra.pose.centre);
  return z => {
    let n = 0;
    while (n < centres.length - 2 && z < centres[n + 1][2]) n++;
    const [upper, lower] = [centres[n], centres[n + 1]];
    const share = (upper[2] - z) / (upper[2] - lower[2]);
    return [upper[0] + share * (lower[0] - upper[0]), upper[1] + share * (lower[1] - upper[1])];
  };
}

/**
 * Fills a field with a trunk on a table: air, table, skin, fat, muscles, organs, great vessels. Painted before discs and bone.
 * @param reference z of the L1 body's centre, LPS mm
 * @param tableY y of the table's top, LPS mm
 */
export function paintTorso(
  anatomy: PatientAnatomy,
  spine: readonly Vertebra[],
  reference: number,
  tableY: number,
  hu: Field
): void {
  const { coarse, marrow } = textures();
  const [nx, ny, nz] = hu.dims;
  const curve = spineCurve(spine);
  const middle = curve(reference);
  for (let k = 0, n = 0; k < nz; k++) {
    const z = hu.origin[2] + k * hu.spacing[2];
    const [sx, sy] = curve(z);
    const height = z - reference;
    for (let j = 0; j < ny; j++) {
      const y = hu.origin[1] + j * hu.spacing[1];
      for (let i = 0; i < nx; i++, n++) {
        const x = hu.origin[0] + i * hu.spacing[0];
        // The back lies flat on the table: the trunk's outline is a squircle that follows the mean spine, not its curve.
        const u = (x - middle[0]) / TRUNK.halfWidth;
        const v = (y - (tableY - TRUNK.halfDepth)) / TRUNK.halfDepth;
        const rho = sqrt(max(0, u * u + v * v - 0.25 * u * u * v * v));
        const depth = (1 - rho) * TRUNK.halfDepth;
        const inside = ramp(depth, -0.5, 0.5);
        if (inside === 0) {
          hu.data[n] = outside(y - tableY, x - middle[0]);
          continue;
        }
        const slow = coarse.at(x * 0.5, y * 0.5, z * 0.3);
        let value = soft(anatomy, x - sx, y - sy, height, depth, slow, marrow.at(x, y, z * 0.5));
        value += (HU.skin - value) * ramp(SKIN_MM - depth, -0.5, 0.5);
        hu.data[n] = HU.air + (value - HU.air) * inside;
      }
    }
  }
}

/** Air, and under the patient a carbon board filled with foam, curved up at its sides. */
function outside(below: number, x: number): number {
  const sunk = below + (x * x) / 900 - 3;
  if (sunk < 0 || sunk > 14) return HU.air;
  return sunk < 1.6 || sunk > 12.4 ? HU.board : HU.foam;
}

/** Paired muscles beside the spine as ellipses: centre and half-axes, mm (|x|, y from the bodies' centres). */
const MUSCLES: readonly (readonly [number, number, number, number])[] = [
  [20, 42, 23, 24], // erector spinae
  [10, 36, 11, 16], // multifidus
  [47, 28, 17, 11], // quadratus lumborum
];

/** Rough signed depth below an ellipse's outline, mm. */
function ellipseDepth(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const u = (x - cx) / rx;
  const v = (y - cy) / ry;
  return (1 - sqrt(u * u + v * v)) * (rx < ry ? rx : ry);
}

/** Attenuation inside the trunk. x, y from the spine's curve, height from L1, depth below the skin, all mm; slow, fine: noise. */
function soft(
  anatomy: PatientAnatomy,
  x: number,
  y: number,
  height: number,
  depth: number,
  slow: number,
  fine: number
): number {
  const muscle = anatomy.muscleHu + 5 * slow + 3 * fine;
  const fat = HU.fat + 6 * slow + 4 * fine;
  if (depth < SUBCUTANEOUS_MM + 2 * slow) return fat;
  let value = fat;
  value += (muscle - value) * ramp(SUBCUTANEOUS_MM + 12 - depth, -0.7, 0.7);
  const side = abs(x);
  if (side < 70 && y > -16) {
    for (const [cx, cy, rx, ry] of MUSCLES)
      value += (muscle - value) * ramp(ellipseDepth(side, y, cx, cy, rx, ry) + 1.2 * slow, -0.6, 0.6);
    const psoas = max(0.35, min(1, 0.75 - height / 90));
    const psoasDepth = ellipseDepth(side, y, 27 + 3 * psoas, 8, 13 * psoas, 19 * psoas);
    value += (muscle - value) * ramp(psoasDepth + 1.2 * slow, -0.6, 0.6);
  }
  value += (fat - value) * ramp(slow + 0.5 * fine - 1.35, 0, 0.5) * 0.8;
  for (const organ of ORGANS) value = paintOrgan(value, organ, x, y, height, slow, fine);
  if (side < 26 && y < -8 && height > -30) {
    const crus = 4.5 - abs(sqrt(x * x + (y + 8) * (y + 8)) - 27) + slow;
    value += (muscle - value) * ramp(crus, -0.6, 0.6);
  }
  const aorta = ellipseDepth(x, y, 8, -30, 10.5, 10.5);
  value += (anatomy.bloodHu + 3 * fine - value) * ramp(aorta, -0.7, 0.7);
  const cava = ellipseDepth(x, y, -19, -28 - max(0, height) * 0.2, 11, 9);
  return value + (anatomy.bloodHu * 0.8 + 3 * fine - value) * ramp(cava, -0.7, 0.7);
}

function paintOrgan(
  value: number,
  organ: Organ,
  x: number,
  y: number,
  height: number,
  slow: number,
  fine: number
): number {
  const [rx, ry, rz] = organ.radii;
  const u = (x - organ.centre[0]) / rx;
  const v = (y - organ.centre[1]) / ry;
  const t = (height - organ.centre[2]) / rz;
  const q = u * u + v * v + t * t;
  if (q > 1.8) return value;
  const inner = (1 - sqrt(q)) * min(rx, ry, rz) + organ.uneven * slow * 0.6;
  const core = organ.core;
  const hu = core && inner > core.depthMm ? core.hu : organ.hu;
  return value + (hu + 4 * slow + 3 * fine - value) * ramp(inner, -0.7, 0.7);
}
