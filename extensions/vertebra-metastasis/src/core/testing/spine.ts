/** An analytic piece of spine: elliptic drums with cortex, discs, canal and arches, in soft tissue. For tests. */
import type { Vec3 } from '../geometry';
import type { Labelmap, Volume } from '../types';
import { type Grid, labelsOf, volumeOf } from './grids';

export interface SpineOptions {
  readonly bodies: number;
  /** HU of the disturbance at a place in a body's own coordinates (mm from its centre), or undefined for none. */
  readonly lesion?: (body: number, place: Vec3) => number | undefined;
}

const HALF = { width: 20, depth: 15, height: 12 } as const;
const CORTEX_MM = 1.2;
const DISC_MM = 7;
const PERIOD_MM = 2 * HALF.height + DISC_MM;

/** LPS of the centre of each body, from head to pelvis; the first is the uppermost. */
export function bodyCentres({ bodies }: SpineOptions): Vec3[] {
  return Array.from({ length: bodies }, (_, n) => [3, -10, ((bodies - 1) / 2 - n) * PERIOD_MM]);
}

/** 0 outside the bodies, else n + 1. */
function bodyAt(centres: readonly Vec3[], [x, y, z]: Vec3): number {
  return 1 + centres.findIndex(([cx, cy, cz]) => Math.abs(z - cz) <= HALF.height && outward(x - cx, y - cy) <= 1);
}

/** The drum's cross-section: an ellipse, its posterior third cut flat. */
function outward(x: number, y: number): number {
  return Math.max(Math.hypot(x / HALF.width, y / HALF.depth), y / (0.85 * HALF.depth));
}

function huAt(options: SpineOptions, centres: readonly Vec3[], position: Vec3): number {
  const [x, y, z] = position;
  const body = bodyAt(centres, position);
  if (body > 0) {
    const place: Vec3 = [x - centres[body - 1][0], y - centres[body - 1][1], z - centres[body - 1][2]];
    const lesion = options.lesion?.(body - 1, place);
    if (lesion !== undefined) return lesion;
    const shell =
      HALF.height - Math.abs(place[2]) < CORTEX_MM || outward(place[0], place[1]) > 1 - CORTEX_MM / HALF.depth;
    return shell ? 480 : 190;
  }
  const [cx, cy] = centres[0];
  if (outward(x - cx, y - cy) < 0.95) return 85;
  const back = y - cy;
  const upper = centres.some(([, , cz]) => z - cz > -4 && z - cz < 9);
  const side = Math.abs(x - cx);
  if (upper && side > 10 && side < 17 && back > 8 && back < 30) return 350;
  if (upper && side < 15 && back > 29 && back < 36) return 350;
  if (side < 4 && back >= 36 && back < 55) return 350;
  return 45;
}

/** CT and body masks on a grid. Deterministic grain of about 15 HU. */
export function analyticSpine(
  grid: Grid,
  options: SpineOptions
): { readonly volume: Volume; readonly bodies: Labelmap } {
  const centres = bodyCentres(options);
  let grain = 1;
  const volume = volumeOf(grid, position => {
    grain = (grain * 48271) % 2147483647;
    return huAt(options, centres, position) + 50 * (grain / 2147483647 - 0.5);
  });
  return { volume, bodies: labelsOf(grid, position => bodyAt(centres, position)) };
}
