import { blurField, boxTaps, gaussianTaps, sampleField, type Field } from './grid';
import { NoiseTile } from './noise';
import { poseOf, toLps } from './pose';
import { randomStream } from './random';
import { visitBox } from './visit';

const grid = (dims: readonly [number, number, number], valueAt: (i: number, j: number, k: number) => number): Field => {
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  for (let k = 0, n = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++, n++) data[n] = valueAt(i, j, k);
  return { data, dims, origin: [-1, 2, 5], spacing: [0.5, 1, 2] };
};

test('a named stream repeats itself, and another name gives other numbers', () => {
  const draw = (name: string) => Array.from({ length: 50 }, randomStream(name).next);
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(draw('a').every(value => value >= 0 && value < 1)).toBe(true);
});

test('a fork does not depend on how much was drawn before', () => {
  const fresh = randomStream('x').fork('child').next();
  const used = randomStream('x');
  used.next();
  expect(used.fork('child').next()).toBe(fresh);
});

test('normal numbers have the mean and deviation asked for', () => {
  const random = randomStream('normal');
  const values = Array.from({ length: 20000 }, () => random.normal(5, 2));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(5, 1);
  expect(Math.sqrt(variance)).toBeCloseTo(2, 1);
});

test('sampling is exact on a linear ramp and holds the border outside', () => {
  const field = grid([4, 5, 6], (i, j, k) => i + 10 * j + 100 * k);
  expect(sampleField(field, -1 + 0.5 * 1.5, 2 + 2.25, 5 + 2 * 3.5)).toBeCloseTo(1.5 + 22.5 + 350, 4);
  expect(sampleField(field, -100, 2, 5)).toBe(0);
  expect(sampleField(field, 100, 100, 100)).toBe(3 + 40 + 500);
});

test.each([gaussianTaps(1.3), gaussianTaps(0), boxTaps(1), boxTaps(2.5), boxTaps(8.33)])(
  'taps %# sum to one and are symmetric',
  taps => {
    expect(taps.reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(1, 5);
    expect([...taps].reverse()).toEqual([...taps]);
  }
);

test('a blur keeps the sum of a point in the middle, spreads along the axes asked for, and leaves its input alone', () => {
  const point = grid([15, 15, 15], (i, j, k) => (i === 7 && j === 7 && k === 7 ? 1000 : 0));
  const before = point.data.slice();
  const blurred = blurField(point, [0.5, 0, 2]);
  expect(point.data).toEqual(before);
  expect(blurred.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1000, 1);
  const at = (i: number, j: number, k: number) => blurred.data[i + 15 * (j + 15 * k)];
  expect(at(8, 7, 7)).toBeGreaterThan(50);
  expect(at(8, 7, 7)).toBeCloseTo(at(7, 7, 8), 3);
  expect(at(7, 8, 7)).toBe(0);
});

test('noise tiles have unit variance, repeat, and are smooth at their correlation length', () => {
  const tile = new NoiseTile('test', 0.5, [1.5, 1.5, 1.5]);
  let squares = 0;
  let steps = 0;
  for (let n = 0; n < 64; n++) {
    const here = tile.at(n * 0.5 + 0.1, n * 1.5 + 0.1, n * 3.5 + 0.1);
    squares += here ** 2;
    steps += (here - tile.at(n * 0.5 + 0.6, n * 1.5 + 0.1, n * 3.5 + 0.1)) ** 2;
  }
  expect(squares / 64).toBeGreaterThan(0.3);
  expect(steps / 64).toBeLessThan(0.25 * (squares / 64));
  expect(tile.at(1, 2, 3)).toBe(tile.at(1 + 32, 2 - 32, 3 + 64));
});

test('forward lean takes the top of a body to anterior, the side tilt to the left', () => {
  const [, y, z] = toLps(poseOf([0, 0, 0], 30), [0, 0, 10]);
  expect(y).toBeCloseTo(-5, 6);
  expect(z).toBeCloseTo(8.66, 2);
  expect(toLps(poseOf([0, 0, 0], 0, 30), [0, 0, 10])[0]).toBeCloseTo(5, 6);
});

test('visiting a box reaches each voxel inside it once, with its position in the tilted frame', () => {
  const field = grid([20, 20, 20], () => 0);
  const pose = poseOf([4, 10, 25], 20, 10, 5);
  let visited = 0;
  visitBox(field, pose, [-2, -3, -4], [2, 3, 4], (index, x, y, z) => {
    visited++;
    field.data[index]++;
    const i = index % 20;
    const j = Math.floor(index / 20) % 20;
    const k = Math.floor(index / 400);
    const lps = toLps(pose, [x, y, z]);
    expect(lps[0]).toBeCloseTo(-1 + 0.5 * i, 5);
    expect(lps[1]).toBeCloseTo(2 + j, 5);
    expect(lps[2]).toBeCloseTo(5 + 2 * k, 5);
  });
  expect(Math.max(...field.data)).toBe(1);
  // 4 x 6 x 8 mm of 1 mm3 voxels.
  expect(visited).toBeGreaterThan(150);
  expect(visited).toBeLessThan(240);
});
