import { axisStep, determinant, type Vec3 } from '../geometry';
import { CENTRE, eachVoxel, ellipsoid, gridAlong, GRIDS } from '../testing/grids';
import { diameters } from './diameters';

type Inside = ReturnType<typeof ellipsoid>;

const L: Vec3 = [1, 0, 0];
const P: Vec3 = [0, 1, 0];
const S: Vec3 = [0, 0, 1];

test('a turned ellipse on voxels of 0.7 and of 1.4 mm', () => {
  const [c, s] = [Math.cos(0.6), Math.sin(0.6)];
  const turned: Inside = ([x, y, z]) => ellipsoid([0, 0, 0], [10, 4, 6])([c * x + s * y, c * y - s * x, z]);
  for (const mm of [0.7, 1.4]) {
    const other = gridAlong([L, P, S], [mm, mm, 1.5], [40, 40, 20], [0, 0, 0]);
    const offsets: number[] = [];
    eachVoxel(other, (offset, position) => turned(position) && offsets.push(offset));
    const measured = diameters(offsets, other);
    expect(Math.abs(measured.longestAxialMm - 20)).toBeLessThan(1.5);
    expect(Math.abs(measured.perpendicularAxialMm - 8)).toBeLessThan(1.5);
    expect(Math.abs(measured.longestMm - 20)).toBeLessThan(1.5);
  }
});

describe('series of every orientation, lesions that lie askew, several sizes and spacings', () => {
  /** An ellipsoid turned about the vertical, then about the left-right axis. @param radii long, short in the axial plane, along the body */
  const askew =
    (radii: Vec3, turn: number, tip: number): Inside =>
    position => {
      const [x, y, z] = position.map((mm, axis) => mm - CENTRE[axis]);
      const [c, s, d, t] = [Math.cos(turn), Math.sin(turn), Math.cos(tip), Math.sin(tip)];
      const [a, b, e] = [x, y * d + z * t, z * d - y * t];
      return ellipsoid([0, 0, 0], radii)([a * c + b * s, b * c - a * s, e]);
    };
  const ASKEW: readonly (readonly [radii: Vec3, turn: number, tip: number])[] = [
    [[11, 6, 7], 0.5, 0],
    [[8, 8, 8], 0, 0],
    [[12, 5, 9], 1.1, 0.3],
    [[7, 9, 12], -0.4, -0.3],
  ];
  const GRIDS_AND_FINE = {
    ...GRIDS,
    'sagittal series, fine': gridAlong([P, S, L], [0.5, 0.5, 0.8], [70, 70, 50], CENTRE),
    'coronal series, coarse': gridAlong([L, S, P], [0.9, 0.9, 2.5], [56, 56, 22], CENTRE),
    'axial, 3 mm': gridAlong([L, P, S], [0.8, 0.8, 3], [56, 56, 16], CENTRE),
  };

  test.each(
    Object.entries(GRIDS_AND_FINE).flatMap(([name, grid]) =>
      ASKEW.map(([radii, turn, tip]) => [name, radii, turn, tip, grid] as const)
    )
  )('%s: half axes %j, turned by %f and tipped by %f rad', (_, radii, turn, tip, grid) => {
    const inside = askew(radii, turn, tip);
    const offsets: number[] = [];
    eachVoxel(grid, (offset, position) => inside(position) && offsets.push(offset));
    const measured = diameters(offsets, grid);
    // Truth from the shape itself, in planes across the axis that the slices have, nearest to head and feet.
    const truth = trueDiameters(inside, grid);
    expect(Math.abs(measured.longestAxialMm - truth.longestAxialMm)).toBeLessThan(1.5);
    expect(Math.abs(measured.perpendicularAxialMm - truth.perpendicularAxialMm)).toBeLessThan(1.5);
    expect(Math.abs(measured.longestMm - 2 * Math.max(...radii))).toBeLessThan(1.5);
    const voxel = Math.abs(determinant(grid.indexToLps));
    expect(Math.abs((offsets.length * voxel) / ((4 / 3) * Math.PI * radii[0] * radii[1] * radii[2]) - 1)).toBeLessThan(
      0.05
    );
  });

  /** By rays in planes through and beside the middle, a quarter of a millimetre apart. */
  function trueDiameters(inside: Inside, { indexToLps }: ReturnType<typeof gridAlong>) {
    const steps = ([0, 1, 2] as const)
      .map(axis => axisStep(indexToLps, axis))
      .map(step => step.map(mm => mm / Math.hypot(...step)));
    const [normal] = [...steps].sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]));
    const [u, v] = steps.filter(step => step !== normal);
    const point = (h: number, r: number, angle: number) =>
      CENTRE.map(
        (mm, n) => mm + h * normal[n] + r * (Math.cos(angle) * u[n] + Math.sin(angle) * v[n])
      ) as unknown as Vec3;
    const reach = (h: number, angle: number) => {
      let r = 0;
      while (inside(point(h, r + 0.1, angle))) r += 0.1;
      return r;
    };
    let longest = { mm: 0, across: 0 };
    for (let h = -3; h <= 3; h += 0.5) {
      for (let n = 0; n < 90; n++) {
        const angle = (Math.PI * n) / 90;
        const mm = reach(h, angle) + reach(h, angle + Math.PI);
        if (mm > longest.mm) longest = { mm, across: width(h, angle + Math.PI / 2, reach) };
      }
    }
    return { longestAxialMm: longest.mm, perpendicularAxialMm: longest.across };
  }

  /** Of the whole outline in a direction of its plane. */
  function width(h: number, direction: number, reach: (h: number, angle: number) => number): number {
    const along = Array.from({ length: 180 }, (_, n) => (Math.PI * n) / 90).map(
      angle => reach(h, angle) * Math.cos(angle - direction)
    );
    return Math.max(...along) - Math.min(...along);
  }
});
