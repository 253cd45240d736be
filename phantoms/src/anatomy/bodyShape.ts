import type { NoiseTile } from '../math/noise';
import type { Random } from '../math/random';
import type { LevelSize } from './levels';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, max, min, sqrt } = Math;

/** Shape of one vertebral body in its own frame (mm). */
export interface BodyShapeParameters {
  readonly widthMm: number;
  readonly depthMm: number;
  readonly anteriorHeightMm: number;
  readonly posteriorHeightMm: number;
  /** Relative narrowing at mid-height. */
  readonly waist: number;
  /** Depth of the posterior wall's concavity, as a share of half the depth. */
  readonly kidney: number;
  /** 0 ellipse .. 0.6 rounded box. */
  readonly squareness: number;
  /** Depth of the upper and lower endplate's bowl, mm. */
  readonly upperBowlMm: number;
  readonly lowerBowlMm: number;
  /** Where the bowls are deepest, as a share of half the depth (positive = posterior). */
  readonly bowlShift: number;
  /** Standard deviation of the surface's unevenness, mm. */
  readonly unevenMm: number;
  /** Uncinate processes (cervical): height of the lateral lips of the upper endplate, mm. */
  readonly uncinateMm: number;
  /** Bony lips at the rims, per mm outwards: anterior, lateral (osteophytes when large). */
  readonly lipMm: number;
  /** Shift into the noise tile that makes this surface its own, mm. */
  readonly noiseOffset: readonly [number, number, number];
}

/** Draws a body of a level. `degeneration` 0..1 makes rims, wedges and bowls more pronounced. */
export function drawBodyShape(
  random: Random,
  level: LevelSize,
  scale: number,
  degeneration: number
): BodyShapeParameters {
  const height = level.heightMm * scale * random.normal(1, 0.035);
  const kyphotic =
    level.region === 'thoracic' ? 0.03 : level.name === 'L5' ? -0.1 : level.region === 'lumbar' ? -0.03 : 0;
  const fracture = random.chance(0.04 + 0.08 * degeneration) ? random.range(0.1, 0.35) : 0;
  return {
    widthMm: level.widthMm * scale * random.normal(1, 0.04),
    depthMm: level.depthMm * scale * random.normal(1, 0.04),
    anteriorHeightMm: height * (1 - kyphotic + random.normal(0, 0.03) - fracture),
    posteriorHeightMm: height,
    waist: random.range(0.06, 0.16),
    kidney: level.region === 'cervical' ? random.range(0, 0.08) : random.range(0.06, 0.2),
    squareness: level.region === 'thoracic' ? random.range(0.1, 0.45) : random.range(0.35, 0.7),
    upperBowlMm: random.range(0.4, 1.8) + fracture * 6,
    lowerBowlMm: random.range(0.6, 2.4),
    bowlShift: random.range(-0.1, 0.4),
    unevenMm: random.range(0.15, 0.4),
    uncinateMm: level.region === 'cervical' ? random.range(2, 4.5) : 0,
    lipMm: random.range(0, 0.8) + (random.chance(degeneration) ? random.range(0.5, 2.5) : 0),
    noiseOffset: [random.range(0, 70), random.range(0, 70), random.range(0, 70)],
  };
}

/**
 * Signed depth below the body's surface, evaluated voxel by voxel. After `evaluate`, `depth` is positive inside (mm, close to the
 * true distance near the surface), `side` and `end` the depths below the wall and the nearer endplate, `rho` the radial place (1 = wall).
 */
export class BodyShape {
  depth = 0;
  side = 0;
  end = 0;
  rho = 0;
  private readonly halfWidth: number;
  private readonly halfDepth: number;

  constructor(
    readonly parameters: BodyShapeParameters,
    private readonly tile: NoiseTile
  ) {
    this.halfWidth = parameters.widthMm / 2;
    this.halfDepth = parameters.depthMm / 2;
  }

  /** Mean height, mm. */
  get heightMm(): number {
    return (this.parameters.anteriorHeightMm + this.parameters.posteriorHeightMm) / 2;
  }

  evaluate(x: number, y: number, z: number): void {
    const p = this.parameters;
    const offset = p.noiseOffset;
    const unit = y / this.halfDepth;
    const localHeight =
      this.heightMm + ((p.posteriorHeightMm - p.anteriorHeightMm) / 2) * (unit < -1 ? -1 : unit > 1 ? 1 : unit);
    const halfHeight = localHeight / 2;
    const level = min(1, abs(z) / halfHeight);
    const lip = p.lipMm * max(0, level - 0.62) * 2.6;
    const narrow = 1 - p.waist * (1 - level * level);
    const frontLip = unit < 0.5 ? lip : lip * 0.3;
    const w = this.halfWidth * narrow + frontLip;
    const d = this.halfDepth * narrow + frontLip;
    const u = x / w;
    const posterior = y > 0 ? 1 + p.kidney * (1 - min(1, u * u)) : 1;
    const v = (y / d) * posterior;
    const square = u * u + v * v - p.squareness * u * u * v * v;
    this.rho = sqrt(max(square, 0));
    const radius = sqrt(x * x + y * y);
    const uneven = this.tile.at(x + offset[0], y + offset[1], z + offset[2]) * p.unevenMm;
    this.side = this.rho < 0.02 ? this.halfDepth : radius * (1 / this.rho - 1) + uneven;
    const bowl = unit - p.bowlShift;
    const bowlShape = max(0, 1 - u * u * 0.9 - bowl * bowl * 0.9);
    const lips = p.uncinateMm * max(0, abs(u) - 0.6) * 2.5;
    const top = halfHeight - p.upperBowlMm * bowlShape + lips - z;
    const bottom = halfHeight - p.lowerBowlMm * bowlShape + z;
    this.end = (top < bottom ? top : bottom) + uneven * 0.7;
    // Rounded edge: a smooth minimum over about 1.2 mm.
    const difference = abs(this.side - this.end);
    const rounding = difference < 1.2 ? ((1.2 - difference) * (1.2 - difference)) / 4.8 : 0;
    this.depth = min(this.side, this.end) - rounding;
  }
}
