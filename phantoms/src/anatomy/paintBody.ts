import type { Field } from '../math/grid';
import { textures } from '../math/noise';
import type { Random } from '../math/random';
import { ramp, visitBox } from '../math/visit';
import type { PatientAnatomy, Vertebra } from './spine';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, exp, max, sqrt } = Math;

/** Attenuation that trabeculae rise from: fatty marrow with some red marrow, HU. */
const MARROW_HU = -20;

/** Basivertebral vein: half-length and radii in the body's frame. */
interface Vein {
  readonly radiusMm: number;
  readonly reach: number;
  readonly spread: number;
  readonly hu: number;
}

/**
 * Paints one vertebral body: cortical shell, endplates, trabecular bone, basivertebral vein.
 * @param hu changed in place
 * @param depth receives the signed depth below this body's surface (mm) where it is visited
 * @param edgeMm over which a surface is blended into the grid (about a voxel)
 */
export function paintBody(
  random: Random,
  patient: PatientAnatomy,
  vertebra: Vertebra,
  hu: Field,
  depth: Float32Array | undefined,
  edgeMm: number
): void {
  const { trabecular, marrow, coarse, ragged } = textures();
  const { shape, pose } = vertebra;
  const p = shape.parameters;
  const [ox, oy, oz] = [random.range(0, 64), random.range(0, 64), random.range(0, 64)];
  const wallMm = patient.cortexMm * random.range(0.55, 1.0);
  const plateMm = patient.cortexMm * random.range(0.7, 1.3);
  const wallHu = patient.cortexHu * random.range(0.75, 1.0);
  const plateHu = patient.cortexHu * random.range(0.7, 1.05);
  const subchondral = random.range(0.05, 0.5) * vertebra.trabecularHu;
  const lean = random.normal(0, 0.06);
  const vein: Vein = {
    radiusMm: random.range(0.7, 2.0),
    reach: random.range(0.1, 0.7),
    spread: random.range(0.1, 0.5),
    hu: patient.bloodHu > 100 ? random.range(0.3, 0.7) * patient.bloodHu : random.range(0, 45),
  };
  const contrast = patient.trabecularContrast;
  const mean = vertebra.trabecularHu;
  const halfDepth = p.depthMm / 2;
  const reach = p.lipMm + 3;
  const low = [-p.widthMm / 2 - reach, -halfDepth - reach, -shape.heightMm / 2 - 4] as const;
  const high = [p.widthMm / 2 + reach, halfDepth + reach, shape.heightMm / 2 + 4 + p.uncinateMm] as const;
  const data = hu.data;
  visitBox(hu, pose, low, high, (index, x, y, z) => {
    shape.evaluate(x, y, z);
    const d = shape.depth;
    if (depth) depth[index] = d;
    const inside = ramp(d, -edgeMm / 2, edgeMm / 2);
    if (inside === 0) return;
    const slow = coarse.at(x * 0.8 + ox, y * 0.8 + oy, z * 0.8 + oz);
    const pattern =
      0.62 * trabecular.at(x + ox, y + oy, z + oz) +
      0.45 * marrow.at(x + oy, y + oz, z + ox) +
      0.25 * ragged.at(x + oz, y + ox, z + oy);
    const nearEnd = exp(-shape.end / 4) * subchondral;
    let value =
      mean * (1 + 0.1 * slow + lean * (y / halfDepth)) + nearEnd + pattern * contrast * (mean - MARROW_HU) * 0.75;
    if (value < MARROW_HU - 60) value = MARROW_HU - 60;
    // Vein: a channel from the middle of the posterior wall forwards, forking, widest at the wall.
    const along = (halfDepth - y) / p.depthMm;
    let opening = 1;
    if (along < vein.reach + 0.1 && y > -halfDepth * 0.4) {
      const fork = abs(x) - vein.spread * max(0, along - 0.15) * p.depthMm;
      const taper = vein.radiusMm * (1.15 - along / (vein.reach + 0.15));
      const distance = sqrt(fork * fork + z * z);
      const channel = ramp(taper - distance, -0.5, 0.5);
      value += (vein.hu - value) * channel * 0.85;
      opening = 1 - channel;
    }
    // Shell: thinner and denser than the grid can show, so its thickness is blended as a share of the voxel.
    const wall = wallMm * (1 + 0.3 * slow);
    // Endplates are uneven, and thicker towards the ring apophysis at the rim.
    const rim = shape.rho > 0.75 ? (shape.rho - 0.75) * 2.6 : 0;
    const plate = plateMm * (0.85 + 0.3 * ragged.at(x + ox, y + oy, 0) + 0.25 * slow + rim);
    const wallShare = ramp(wall - shape.side, -edgeMm / 2, edgeMm / 2) * opening;
    const plateShare = ramp(plate - shape.end, -edgeMm / 2, edgeMm / 2);
    value += (wallHu - value) * wallShare;
    value += (plateHu - value) * plateShare * (1 - 0.3 * wallShare);
    data[index] += (value - data[index]) * inside;
  });
}
