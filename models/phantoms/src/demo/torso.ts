import type { PatientAnatomy, Vertebra } from '../anatomy/spine';
import type { Field } from '../math/grid';
import { textures } from '../math/noise';
import { ramp } from '../math/visit';

const HU = {
  air: -1000,
  fat: -100,
  skin: 20,
  liver: 105,
  kidney: 165,
  spleen: 115,
  bowel: 45,
  gas: -850,
  foam: -930,
  board: -180,
} as const;

/** An organ as an ellipsoid: centre and half-axes in mm, relative to the spine at its height (x left, y posterior) and to L1 (z). */
interface Organ {
  readonly centre: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly hu: number;
  /** Depth of an uneven surface, mm. */
  readonly uneven: number;
}

const ORGANS: readonly Organ[] = [
  { centre: [-78, -40, 70], radii: [62, 62, 95], hu: HU.liver, uneven: 3 },
  { centre: [92, 6, 62], radii: [30, 42, 52], hu: HU.spleen, uneven: 2 },
  { centre: [-60, 12, -8], radii: [24, 25, 54], hu: HU.kidney, uneven: 1 },
  { centre: [60, 10, 4], radii: [24, 25, 54], hu: HU.kidney, uneven: 1 },
  { centre: [30, -72, -40], radii: [26, 17, 44], hu: HU.bowel, uneven: 5 },
  { centre: [-28, -78, -62], radii: [28, 16, 30], hu: HU.bowel, uneven: 5 },
  { centre: [80, -62, -36], radii: [18, 20, 80], hu: HU.bowel, uneven: 4 },
  { centre: [82, -70, -30], radii: [10, 9, 44], hu: HU.gas, uneven: 3 },
  { centre: [-84, -64, -70], radii: [16, 17, 40], hu: HU.bowel, uneven: 4 },
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
        const rho = Math.sqrt(Math.max(0, u * u + v * v - 0.25 * u * u * v * v));
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
  let value: number = fat;
  // Wall muscles behind and beside; retroperitoneal and mesenteric fat in front.
  const wall = ramp(SUBCUTANEOUS_MM + 12 - depth, -0.7, 0.7);
  value += (muscle - value) * wall;
  const side = Math.abs(x);
  const ellipse = (cx: number, cy: number, rx: number, ry: number) =>
    (1 - Math.hypot((side - cx) / rx, (y - cy) / ry)) * Math.min(rx, ry) + 1.2 * slow;
  const psoasSize = Math.max(0.35, Math.min(1, 0.75 - height / 90));
  const muscles = [
    ellipse(20, 42, 23, 24), // erector spinae
    ellipse(10, 36, 11, 16), // multifidus
    ellipse(47, 28, 17, 11), // quadratus lumborum
    ellipse(27 + 3 * psoasSize, 8, 13 * psoasSize, 19 * psoasSize), // psoas
  ];
  for (const one of muscles) value += (muscle - value) * ramp(one, -0.6, 0.6);
  const strand = ramp(slow + 0.5 * fine - 1.35, 0, 0.5);
  value += (fat - value) * strand * 0.8;
  for (const organ of ORGANS) {
    const q = Math.hypot(
      (x - organ.centre[0]) / organ.radii[0],
      (y - organ.centre[1]) / organ.radii[1],
      (height - organ.centre[2]) / organ.radii[2]
    );
    const inner = (1 - q) * Math.min(...organ.radii) + organ.uneven * slow * 0.6;
    if (inner < -0.7) continue;
    const cortexOnly = organ.hu === HU.kidney && inner > 13 ? 40 : organ.hu;
    value += (cortexOnly + 4 * slow + 3 * fine - value) * ramp(inner, -0.7, 0.7);
  }
  const crus = 4.5 - Math.abs(Math.hypot(x, y + 8) - 27) + slow;
  if (y < -8 && height > -30) value += (muscle - value) * ramp(crus, -0.6, 0.6) * (side < 26 ? 1 : 0);
  const vessel = (cx: number, cy: number, r: number, hu: number) => {
    const d = r - Math.hypot(x - cx, y - cy);
    if (d > -0.7) value += (hu + 3 * fine - value) * ramp(d, -0.7, 0.7);
  };
  vessel(8, -30, 10.5, anatomy.bloodHu);
  vessel(-19, -28 - Math.max(0, height) * 0.2, 11, anatomy.bloodHu * 0.8);
  return value;
}
