import { keyhole } from './keyhole';
import { zeroLevel } from './marchingSquares';
import { outlines } from './outline';
import { areSimple, signedArea, simplifyRing } from './ring';
import type { Point, Ring } from './ring';

/** A picture as a field: # is inside. A border is added. */
function field(...rows: string[]) {
  const [width, height] = [rows[0].length + 2, rows.length + 2];
  const values = new Float32Array(width * height).fill(-0.5);
  rows.forEach((row, y) => [...row].forEach((pixel, x) => pixel === '#' && (values[(y + 1) * width + x + 1] = 0.5)));
  return { values, width, height, left: -1, top: -1 };
}
const options = { columnSpacingMm: 1, rowSpacingMm: 1, toleranceMm: 0 };

/** Even-odd rule, the rule by which planning systems fill contours. */
function inside(rings: readonly Ring[], x: number, y: number): boolean {
  let crossings = 0;
  for (const ring of rings) {
    ring.forEach(([ax, ay], n) => {
      const [bx, by] = ring[(n + 1) % ring.length];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) crossings++;
    });
  }
  return crossings % 2 === 1;
}
const filled = (rings: readonly Ring[], rows: readonly string[]): string[] =>
  rows.map((row, y) => [...row].map((_, x) => (inside(rings, x, y + 1e-4) ? '#' : '.')).join(''));

describe('outlines', () => {
  test('a single pixel is a diamond through the middles to its neighbours', () => {
    const [ring] = outlines(field('#'), options);
    expect([...ring].sort((a, b) => a[0] - b[0] || a[1] - b[1])).toEqual([
      [-0.5, 0],
      [0, -0.5],
      [0, 0.5],
      [0.5, 0],
    ]);
  });

  test.each([
    ['two regions', ['##..', '##.#', '...#']],
    ['a ring with a hole', ['#####', '#...#', '#.#.#', '#...#', '#####']],
    ['two holes', ['########', '#..##..#', '#..##..#', '########']],
    ['diagonal neighbours', ['#.#', '.#.', '#.#']],
    ['diagonal hole', ['####', '#.##', '##.#', '####']],
  ])('%s: filling the contours gives the pixels back', (_, rows) => {
    expect(filled(outlines(field(...rows), options), rows)).toEqual(rows);
  });

  test('the level is met between pixels where the field says', () => {
    const plane = {
      values: Float32Array.from([-0.5, -0.5, -0.5, -0.5, 0.25, -0.5, -0.5, -0.5, -0.5]),
      width: 3,
      height: 3,
      left: 0,
      top: 0,
    };
    const xs = outlines(plane, options)[0].map(([x]) => x);
    expect(Math.max(...xs)).toBeCloseTo(1 + 0.25 / 0.75, 6);
  });

  test('holes go to the region around them', () => {
    const picture = field('#########', '#.......#', '#.#####.#', '#.#...#.#', '#.#####.#', '#.......#', '#########');
    const polygons = zeroLevel(picture.values, picture.width, picture.height);
    expect(polygons.map(({ holes }) => holes.length)).toEqual([1, 1]);
  });
});

describe('keyhole', () => {
  const square = (x: number, y: number, size: number): Ring => [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
  ];

  test('area is that of the ring without its holes, and the channels cross nothing', () => {
    const holes = [square(2, 2, 2), square(6, 6, 2), square(2, 6, 3)];
    const joined = keyhole(square(0, 0, 10), holes);
    expect(Math.abs(signedArea(joined))).toBeCloseTo(100 - 4 - 4 - 9, 9);
    expect(areSimple([joined])).toBe(true);
  });

  test('does not change its input', () => {
    const [outer, hole] = [square(0, 0, 10), square(4, 4, 2)];
    const before = JSON.stringify([outer, hole]);
    keyhole(outer, [hole]);
    expect(JSON.stringify([outer, hole])).toBe(before);
  });
});

describe('simplification', () => {
  const circle: Ring = Array.from(
    { length: 360 },
    (_, n): Point => [10 * Math.cos((n * Math.PI) / 180), 10 * Math.sin((n * Math.PI) / 180)]
  );

  test.each([0.05, 0.5, 2])('within %d mm no point lies further away, and fewer points remain', tolerance => {
    const simple = simplifyRing(circle, tolerance);
    const away = (p: Point) =>
      Math.min(
        ...simple.map((a, n) => {
          const b = simple[(n + 1) % simple.length];
          const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
          const t = Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy)));
          return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
        })
      );
    expect(Math.max(...circle.map(away))).toBeLessThanOrEqual(tolerance + 1e-9);
    expect(simple.length).toBeLessThan(circle.length / 4);
  });

  test('a ring that would vanish keeps its corners, and no point between them', () => {
    const strip: Ring = [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [3, 0.5],
      [1.5, 0.5],
      [0, 0.5],
    ];
    expect(simplifyRing(strip, 2)).toEqual([strip[0], strip[3], strip[4], strip[6]]);
  });

  test('a ring that would vanish stays as it is', () => {
    const diamond: Ring = [
      [0, -0.5],
      [0.5, 0],
      [0, 0.5],
      [-0.5, 0],
    ];
    expect(simplifyRing(diamond, 5)).toEqual(diamond);
  });

  test('points on straight lines go without tolerance', () => {
    expect(
      simplifyRing(
        [
          [0, 0],
          [1, 0],
          [2, 0],
          [2, 2],
          [1, 2],
          [0, 2],
          [0, 1],
        ],
        0
      )
    ).toEqual([
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ]);
  });
});
