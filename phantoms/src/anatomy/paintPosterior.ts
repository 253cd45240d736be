import type { Field } from '../math/grid';
import { textures } from '../math/noise';
import type { Point } from '../math/pose';
import type { Random } from '../math/random';
import { ramp, visitBox } from '../math/visit';
import type { PatientAnatomy, Vertebra } from './spine';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { max, min, sqrt } = Math;

/** A bony bar from `from` to `to` with its radii at both ends (mm, the vertebra's frame). */
export interface Bar {
  readonly from: Point;
  readonly to: Point;
  readonly radiusMm: readonly [number, number];
}

/** Posterior elements of a vertebra as bars: pedicles, laminae, articular, transverse and spinous processes, rib heads. */
export function posteriorBars(random: Random, vertebra: Vertebra): Bar[] {
  const { level, shape } = vertebra;
  const w = shape.parameters.widthMm / 2;
  const d = shape.parameters.depthMm / 2;
  const h = shape.heightMm / 2;
  const [canalWidth, canalDepth] = level.canalMm;
  const pedicleX = min(w * 0.8, canalWidth / 2 + 2.5);
  const pedicleR = level.region === 'lumbar' ? 4.4 : level.region === 'thoracic' ? 2.9 : 2.6;
  const back = d + canalDepth + 2.5;
  const bars: Bar[] = [];
  const steep = level.region === 'thoracic' ? 1.5 : 0.5;
  const spine = level.region === 'lumbar' ? 26 : level.region === 'thoracic' ? 24 : 18;
  for (const side of [-1, 1]) {
    const px = side * pedicleX;
    bars.push({ from: [px, d * 0.72, h * 0.35], to: [px, d + 7, h * 0.3], radiusMm: [pedicleR * 1.15, pedicleR] });
    bars.push({ from: [px, d + 7, h * 0.3], to: [px * 1.05, d + 8, h * 1.1], radiusMm: [pedicleR, pedicleR * 0.8] });
    bars.push({ from: [px, d + 7, h * 0.3], to: [px * 0.85, d + 11, -h * 1.15], radiusMm: [pedicleR, pedicleR * 0.8] });
    bars.push({ from: [px * 0.9, d + 9, -h * 0.1], to: [0, back + 1, -h * 0.4], radiusMm: [2.8, 3] });
    const tip: Point =
      level.region === 'thoracic'
        ? [px * 2, d + 16, h * 0.5]
        : [px * (level.region === 'lumbar' ? 2.6 : 1.8), d + 7, h * 0.2];
    bars.push({ from: [px, d + 7, h * 0.3], to: tip, radiusMm: [pedicleR * 0.9, 2.4] });
    if (level.region === 'thoracic') {
      bars.push({ from: [side * w * 1.15, d * 0.75, h * 0.75], to: [px * 2.3, d + 10, h * 0.6], radiusMm: [4, 3.2] });
    }
  }
  // Lumbar spinous processes are upright plates: bars close above one another. Elsewhere one bar, steep in the chest.
  const aside = random.normal(0, 1);
  for (const z of level.region === 'lumbar' ? [0.1, -0.15, -0.4, -0.65, -0.9] : [-0.4]) {
    bars.push({
      from: [0, back + 1, h * z * 0.8],
      to: [aside, back + spine, h * z - spine * 0.35 * steep],
      radiusMm: [2.8, 2.4],
    });
  }
  return bars;
}

/** Depth where no bar is, mm. */
const FAR_MM = -9;

/**
 * Paints bars: cortex of about 1 mm around cancellous bone. Where bars meet they are one bone: the marrow runs through.
 * `mask` receives 1 where a bar covers at least half a voxel.
 */
export function paintBars(
  random: Random,
  patient: PatientAnatomy,
  vertebra: Vertebra,
  bars: readonly Bar[],
  hu: Field,
  edgeMm: number,
  mask?: { readonly labels: Uint8Array; readonly label: number }
): void {
  const { ragged } = textures();
  const cortexHu = patient.cortexHu * 0.95;
  const inner = vertebra.trabecularHu * 1.15;
  const [ox, oy, oz] = [random.range(0, 40), random.range(0, 40), random.range(0, 40)];
  const depths = new Float32Array(hu.data.length).fill(FAR_MM);
  const boxes = bars.map(bar => uniteBar(bar, vertebra, hu, depths, [ox, oy, oz]));
  const low = [0, 1, 2].map(a => min(...boxes.map(box => box[0][a]))) as unknown as Point;
  const high = [0, 1, 2].map(a => max(...boxes.map(box => box[1][a]))) as unknown as Point;
  visitBox(hu, vertebra.pose, low, high, (index, x, y, z) => {
    const depth = depths[index];
    const inside = ramp(depth, -edgeMm / 2, edgeMm / 2);
    if (inside === 0) return;
    const shell = ramp(patient.cortexMm * 1.4 - depth, -edgeMm / 2, edgeMm / 2);
    const core = inner * (1 + 0.25 * ragged.at(x + ox, y + oy, z + oz));
    const value = core + (cortexHu - core) * shell;
    hu.data[index] += (value - hu.data[index]) * inside;
    if (mask && inside >= 0.5) mask.labels[index] = mask.label;
  });
}

/** Raises `depths` to the depth below one bar's surface; returns the bar's box in the vertebra's frame. */
function uniteBar(bar: Bar, vertebra: Vertebra, hu: Field, depths: Float32Array, offset: Point): [Point, Point] {
  const { marrow } = textures();
  const [ox, oy, oz] = offset;
  const [r0, r1] = bar.radiusMm;
  const reach = max(r0, r1) + 2;
  const low = bar.from.map((value, a) => min(value, bar.to[a]) - reach) as unknown as Point;
  const high = bar.from.map((value, a) => max(value, bar.to[a]) + reach) as unknown as Point;
  const [fx, fy, fz] = bar.from;
  const [vx, vy, vz] = [bar.to[0] - fx, bar.to[1] - fy, bar.to[2] - fz];
  const squaredLength = vx * vx + vy * vy + vz * vz;
  visitBox(hu, vertebra.pose, low, high, (index, x, y, z) => {
    let t = ((x - fx) * vx + (y - fy) * vy + (z - fz) * vz) / squaredLength;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    const dx = x - fx - t * vx;
    const dy = y - fy - t * vy;
    const dz = z - fz - t * vz;
    const uneven = 0.45 * marrow.at(x * 0.6 + ox, y * 0.6 + oy, z * 0.6 + oz);
    const depth = r0 + (r1 - r0) * t - sqrt(dx * dx + dy * dy + dz * dz) + uneven;
    if (depth > depths[index]) depths[index] = depth;
  });
  return [low, high];
}
