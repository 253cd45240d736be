import { textures } from '../math/noise';
import type { Point } from '../math/pose';
import type { Random } from '../math/random';
import { ramp, visitBox } from '../math/visit';
import type { Host, LesionWeights } from './host';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, max, min, sqrt } = Math;

export type PaintedKind = 'lytic' | 'blastic';

/** Look of a lesion, after the radiological descriptions of bone metastases. */
export type LesionPattern = 'geographic' | 'permeative' | 'sclerotic-rim' | 'nodule' | 'diffuse' | 'cotton-wool';

/** One metastasis in the vertebra's frame. */
export interface Lesion {
  readonly kind: PaintedKind;
  readonly pattern: LesionPattern;
  readonly centre: Point;
  /** Half-axes, mm. */
  readonly radiiMm: Point;
  /** Attenuation inside, HU. */
  readonly hu: number;
  /** Depth of the outline's irregularity as a share of the radius. */
  readonly irregularity: number;
  /** Width over which the margin fades, mm. */
  readonly marginMm: number;
  /** Whether the wall gives way (lytic) or thickens (blastic). */
  readonly breaksCortex: boolean;
  /** Share of the trabecular pattern that stays visible inside. */
  readonly residual: number;
  readonly noiseOffset: Point;
}

/** Smallest difference between a lesion and the marrow around it, HU: below it a reader could not call it. */
const LEAST_CONTRAST_HU = { lytic: 75, blastic: 110 } as const;

/**
 * Draws a lesion.
 * @param diameterMm mean diameter wanted
 * @param central keeps it near the mid-sagittal plane
 */
export function drawLesion(
  random: Random,
  host: Host,
  kind: PaintedKind,
  diameterMm: number,
  central: boolean
): Lesion {
  const limit = min(host.widthMm, host.depthMm, host.heightMm);
  const large = diameterMm > 0.75 * limit;
  const radius = diameterMm / 2;
  const pattern: LesionPattern =
    kind === 'lytic'
      ? random.pick(['geographic', 'geographic', 'permeative', 'sclerotic-rim'] as const)
      : large
        ? random.pick(['diffuse', 'diffuse', 'cotton-wool', 'nodule'] as const)
        : random.pick(['nodule', 'nodule', 'nodule', 'cotton-wool'] as const);
  const stretch = [random.range(0.8, 1.25), random.range(0.8, 1.25), random.range(0.75, 1.2)];
  const radiiMm: Point = [
    min(radius * stretch[0] * (large ? 1.3 : 1), host.widthMm * 0.55),
    min(radius * stretch[1], host.depthMm * 0.6),
    min(radius * stretch[2], host.heightMm * 0.6),
  ];
  const place = (half: number, r: number, spread: number) => {
    const room = max(half * 0.97 - r * 0.55, half * 0.08);
    return max(-room, min(room, random.normal(0, spread * half)));
  };
  const centre: Point = [
    place(host.widthMm / 2, radiiMm[0], central ? 0.22 : 0.6),
    place(host.depthMm / 2, radiiMm[1], 0.55),
    place(host.heightMm / 2, radiiMm[2], 0.55),
  ];
  const mean = host.trabecularHu;
  const hu =
    kind === 'lytic'
      ? min(random.range(10, 95), mean - LEAST_CONTRAST_HU.lytic)
      : max(
          mean + LEAST_CONTRAST_HU.blastic + random.range(0, 120),
          pattern === 'diffuse' ? random.range(300, 650) : random.range(330, 900)
        );
  return {
    kind,
    pattern,
    centre,
    radiiMm,
    hu,
    irregularity: random.range(0.08, kind === 'lytic' ? 0.34 : 0.26),
    marginMm:
      pattern === 'permeative'
        ? random.range(1.5, 3)
        : kind === 'lytic'
          ? random.range(0.4, 1.4)
          : random.range(0.6, 2.2),
    breaksCortex: kind === 'lytic' ? random.chance(0.6) : random.chance(0.7),
    residual: kind === 'lytic' ? random.range(0, 0.25) : random.range(0.1, 0.6),
    noiseOffset: [random.range(0, 70), random.range(0, 70), random.range(0, 70)],
  };
}

/** Paints a lesion into the host and its weights. Where it meets one of the other kind, the later one wins. */
export function paintLesion(host: Host, lesion: Lesion, weights: LesionWeights): void {
  const { coarse, ragged, marrow } = textures();
  const { centre, radiiMm } = lesion;
  const [ox, oy, oz] = lesion.noiseOffset;
  const mean = (radiiMm[0] + radiiMm[1] + radiiMm[2]) / 3;
  const reach = 1 + 2.6 * lesion.irregularity;
  const margin = lesion.marginMm;
  const low: Point = [0, 1, 2].map(a => centre[a] - radiiMm[a] * reach - margin - 2) as unknown as Point;
  const high: Point = [0, 1, 2].map(a => centre[a] + radiiMm[a] * reach + margin + 2) as unknown as Point;
  // The outline's bumps scale with the lesion: the tile's correlation length of about 4 mm suits a radius of 8 mm.
  const bump = max(0.5, min(2.2, 8 / mean));
  const own = lesion.kind === 'lytic' ? weights.lytic : weights.blastic;
  const other = lesion.kind === 'lytic' ? weights.blastic : weights.lytic;
  const permeative = lesion.pattern === 'permeative' ? 1.1 : 0.25;
  const clumps = lesion.pattern === 'cotton-wool' ? 0.32 : lesion.pattern === 'diffuse' ? 0.16 : 0.08;
  const data = host.hu.data;
  visitBox(host.hu, host.pose, low, high, (index, x, y, z) => {
    const depth = host.depth[index];
    if (depth < -0.5) return;
    const u = (x - centre[0]) / radiiMm[0];
    const v = (y - centre[1]) / radiiMm[1];
    const t = (z - centre[2]) / radiiMm[2];
    const q = sqrt(u * u + v * v + t * t);
    if (q > reach + 0.5) return;
    const uneven = coarse.at(x * bump + ox, y * bump + oy, z * bump + oz) * lesion.irregularity;
    const fine = ragged.at(x + oy, y + oz, z + ox);
    const surface = (1 - q + uneven) * mean + permeative * fine;
    let weight = ramp(surface, -margin / 2, margin / 2);
    weight *= lesion.breaksCortex ? ramp(depth, -0.3, 0.3) : ramp(depth - host.cortexMm, -0.2, 0.7);
    const before = data[index];
    if (lesion.pattern === 'sclerotic-rim') {
      const rim = ramp(1.4 - abs(surface + 0.9), 0, 0.8) * (1 - weight) * ramp(depth - host.cortexMm, 0, 0.6);
      data[index] = before + (host.trabecularHu + 330 - before) * rim * 0.8;
      weights.rim[index] = max(weights.rim[index], rim);
    }
    if (weight <= 0) return;
    const clump = marrow.at(x * 0.7 + oz, y * 0.7 + ox, z * 0.7 + oy);
    const target = lesion.hu * (lesion.kind === 'blastic' ? 1 + clumps * clump : 1) + 8 * fine;
    const kept = lesion.residual * (before - host.trabecularHu) * (depth > host.cortexMm + 0.6 ? 1 : 0);
    // A sclerotic focus reaching the wall does not lower the cortex.
    const value = lesion.kind === 'blastic' ? max(target + kept, min(before, 1500)) : target + kept;
    const blended = data[index] + (value - data[index]) * weight;
    data[index] = lesion.kind === 'blastic' && depth < host.cortexMm ? max(blended, before) : blended;
    own[index] = max(own[index], weight);
    other[index] *= 1 - weight;
  });
}
