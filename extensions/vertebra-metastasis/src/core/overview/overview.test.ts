import type { Vec3 } from '../geometry';
import { gridAlong, type Grid, labelsOf, volumeOf } from '../testing/grids';
import { straightenedSpine, type StripFrame } from './straighten';
import { stripImage, stripLesions } from './strip';

/** A kyphotic spine: drums on a circle about a point in front of it, leaning with it, and one of them beside the plane of the others. */
const RADIUS = 130;
const PITCH_MM = 30;
const HALF = { height: 11, depth: 15, width: 20 } as const;
const LABELS = [11, 12, 13, 14, 15];
const angleOf = (n: number) => ((n - 2) * PITCH_MM) / RADIUS;
const sideOf = (n: number) => 3 * n - 6;
const centreOf = (n: number): Vec3 => [
  sideOf(n),
  RADIUS * Math.cos(angleOf(n)) - RADIUS,
  -RADIUS * Math.sin(angleOf(n)),
];

/** In the drum's own axes: from side to side, from front to back, from top to bottom. */
function inDrum(n: number, [x, y, z]: Vec3): Vec3 {
  const [cx, cy, cz] = centreOf(n);
  const [c, s] = [Math.cos(angleOf(n)), Math.sin(angleOf(n))];
  return [x - cx, (y - cy) * c - (z - cz) * s, -(y - cy) * s - (z - cz) * c];
}
const bodyAt = (position: Vec3): number =>
  LABELS.findIndex((_, n) => {
    const [x, y, z] = inDrum(n, position);
    return Math.hypot(x / HALF.width, y / HALF.depth) <= 1 && Math.abs(z) <= HALF.height;
  });
/** Behind the bodies, so that front and back can be told. */
const isBehind = (position: Vec3) =>
  LABELS.some((_, n) => {
    const [x, y, z] = inDrum(n, position);
    return Math.abs(x) < 8 && y > HALF.depth + 2 && y < HALF.depth + 7 && Math.abs(z) < 6;
  });
const huAt = (position: Vec3) => (bodyAt(position) >= 0 ? 700 : isBehind(position) ? 1200 : 0);
/** 12 mm to the patient's left of the middle of the fourth drum. */
const lesionAt = (position: Vec3) => {
  const [x, y, z] = inDrum(3, position);
  return Math.hypot(x - 12, y + 4, z) <= 5 ? 7 : 0;
};

const [L, R, P, S, I]: Vec3[] = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, -1],
];
const tilted = (v: Vec3): Vec3 => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  return [v[0] * c - v[1] * s, v[0] * s + v[1] * c, v[2]];
};
const centre: Vec3 = [0, -8, 0];
const GRIDS: Record<string, Grid> = {
  'head first, L P S': gridAlong([L, P, S], [1.3, 1.3, 1.5], [56, 70, 120], centre),
  'feet first, R P I': gridAlong([R, P, I], [1.3, 1.3, 2.5], [56, 70, 72], centre),
  'P S L': gridAlong([P, S, L], [1.3, 1.5, 1.3], [70, 120, 56], centre),
  'oblique L P S': gridAlong([tilted(L), tilted(P), S], [1.3, 1.3, 1.5], [76, 84, 120], centre),
};
const frame = straightenedSpine(LABELS.map((label, n) => ({ label, centreLps: centreOf(n) })))!;
const middleRow = ({ top, bottom }: StripFrame['bodies'][number]) => Math.round((top + bottom - 1) / 2);

test('bodies lie at the distances they have along the spine, from head to pelvis, each reaching half-way to its neighbours', () => {
  expect(frame.bodies.map(({ label }) => label)).toEqual(LABELS);
  const along = Math.hypot(PITCH_MM, 3) / frame.pixelMm;
  for (const [n, { top, bottom }] of frame.bodies.entries()) {
    expect(Math.abs(bottom - top - along)).toBeLessThan(2.5);
    if (n > 0) expect(top).toBe(frame.bodies[n - 1].bottom);
  }
  expect([frame.bodies[0].top, frame.bodies[4].bottom]).toEqual([0, frame.rows]);
  for (const at of [frame.backwards, frame.sideways, frame.middles]) expect(at).toHaveLength(frame.rows);
  // Unit vectors at right angles to each other; a person's back is behind.
  frame.backwards.forEach((back, row) => {
    const side = frame.sideways[row];
    expect(Math.hypot(...back)).toBeCloseTo(1, 6);
    expect(back[0] * side[0] + back[1] * side[1] + back[2] * side[2]).toBeCloseTo(0, 6);
    expect(back[1]).toBeGreaterThan(0.6);
  });
});

test.each(Object.entries(GRIDS))('a curved spine is straight on the strip, in front on the left: %s', (_, grid) => {
  const { hu } = volumeOf(grid, huAt);
  const grey = stripImage(frame, grid, offset => hu[offset]);
  const [soft, bone, arch] = [0, 700, 1200].map(value => 255 * ((value - 400) / 1800 + 0.5));
  const at = (row: number, mm: number) =>
    grey[row * frame.columns + Math.round((frame.columns - 1) / 2 + mm / frame.pixelMm)];
  for (const body of frame.bodies) {
    const row = middleRow(body);
    for (const mm of [-10, 0, 10]) expect(Math.abs(at(row, mm) - bone)).toBeLessThan(6);
    expect(Math.abs(at(row, -19) - soft)).toBeLessThan(6);
    expect(at(row, 19.5)).toBeGreaterThan((bone + arch) / 2);
  }
  // The space between two bodies is seen over its whole depth.
  for (const { bottom } of frame.bodies.slice(0, -1)) {
    for (const mm of [-8, 0, 8]) expect(Math.abs(at(bottom, mm) - soft)).toBeLessThan(12);
  }
});

test.each(Object.entries(GRIDS))('a lesion beside the middle is seen, at its height and depth: %s', (_, grid) => {
  const labelmap = labelsOf(grid, lesionAt);
  const marks = stripLesions(frame, [{ index: 7, kind: 'blastic', vertebraLabel: 14 }], labelmap);
  const places = [...marks].flatMap((mark, at) => (mark ? [[Math.floor(at / frame.columns), at % frame.columns]] : []));
  expect(new Set(marks)).toEqual(new Set([0, 2]));
  const mean = (n: 0 | 1) => places.reduce((sum, place) => sum + place[n], 0) / places.length;
  expect(Math.abs(mean(0) - middleRow(frame.bodies[3]))).toBeLessThan(2);
  expect(Math.abs((mean(1) - (frame.columns - 1) / 2) * frame.pixelMm + 4)).toBeLessThan(1);
  const area = places.length * frame.pixelMm ** 2;
  expect(Math.abs(area / (Math.PI * 25) - 1)).toBeLessThan(0.25);
  // Of no vertebra: found all the same.
  expect(stripLesions(frame, [{ index: 7, kind: 'blastic' }], labelmap)).toEqual(marks);
  expect(stripLesions(frame, [], labelmap).some(Boolean)).toBe(false);
});

test('one body alone stands upright; without bodies there is no strip; where one is missing its neighbours keep their size', () => {
  expect(straightenedSpine([])).toBeUndefined();
  expect(straightenedSpine([{ label: 3, centreLps: [NaN, NaN, NaN] }])).toBeUndefined();
  const alone = straightenedSpine([{ label: 3, centreLps: [1, 2, 3] }])!;
  expect(alone.bodies).toEqual([{ label: 3, top: 0, bottom: alone.rows }]);
  expect(alone.middles.every(([x, y]) => Math.abs(x - 1) + Math.abs(y - 2) < 1e-6)).toBe(true);
  const gap = straightenedSpine([0, 1, 3, 4].map(n => ({ label: LABELS[n], centreLps: centreOf(n) })))!;
  const sizes = gap.bodies.map(({ top, bottom }) => (bottom - top) * gap.pixelMm);
  for (const mm of sizes) expect(Math.abs(mm - PITCH_MM)).toBeLessThan(4);
  expect(gap.bodies[2].top - gap.bodies[1].bottom).toBeGreaterThan(20);
});
