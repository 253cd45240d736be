import { poseOf } from '../math/pose';
import { randomStream } from '../math/random';
import { emptyWeights, type Host } from './host';
import { drawLesion, paintLesion } from './lesions';
import { MIMICS, paintMimic } from './mimics';
import { paintPathology } from './plan';

/** Phantoms are made here; a busy machine takes its time. */
jest.setTimeout(300_000);

const SIDE = 70;
const SPACING = 0.7;
const RADIUS = 17;
const HEIGHT = 26;

/** An upright cylinder of even bone in soft tissue: enough body for every painter. */
function cylinder(): Host {
  const dims = [SIDE, SIDE, SIDE] as const;
  const origin = -((SIDE - 1) * SPACING) / 2;
  const data = new Float32Array(SIDE ** 3);
  const depth = new Float32Array(SIDE ** 3);
  for (let k = 0, n = 0; k < SIDE; k++)
    for (let j = 0; j < SIDE; j++)
      for (let i = 0; i < SIDE; i++, n++) {
        const [x, y, z] = [i, j, k].map(value => origin + value * SPACING);
        depth[n] = Math.min(RADIUS - Math.sqrt(x * x + y * y), HEIGHT / 2 - Math.abs(z));
        data[n] = depth[n] > 0 ? 180 : 50;
      }
  return {
    hu: { data, dims, origin: [origin, origin, origin], spacing: [SPACING, SPACING, SPACING] },
    depth,
    pose: poseOf([0, 0, 0], 0),
    widthMm: 2 * RADIUS,
    depthMm: 2 * RADIUS,
    heightMm: HEIGHT,
    trabecularHu: 180,
    cortexMm: 0.8,
    discHu: 80,
  };
}

/** Voxels for which something holds (one expectation per voxel would take minutes). */
function indices(host: Host, holds: (n: number) => boolean): number[] {
  const found: number[] = [];
  for (let n = 0; n < host.depth.length; n++) if (holds(n)) found.push(n);
  return found;
}

const millimetres3 = (weights: Float32Array) => weights.reduce((sum, w) => sum + w, 0) * SPACING ** 3;

test.each(MIMICS)('%s changes the image, and only near the body', mimic => {
  const host = cylinder();
  const before = host.hu.data.slice();
  paintMimic(randomStream(`mimic-test/${mimic}`), host, mimic);
  const changed = indices(host, n => host.hu.data[n] !== before[n]);
  expect(changed.every(n => Number.isFinite(host.hu.data[n]) && host.depth[n] > -16)).toBe(true);
  expect(changed.length).toBeGreaterThan(20);
});

test('mimics leave no truth: a healthy vertebra has no lesion weight', () => {
  for (let n = 0; n < 6; n++) {
    const host = cylinder();
    const { lesions, weights } = paintPathology(randomStream(`healthy/${n}`), host, {
      malignant: false,
      leastDiameterMm: 3,
    });
    expect(lesions).toHaveLength(0);
    expect(millimetres3(weights.lytic) + millimetres3(weights.blastic)).toBe(0);
  }
});

test('malignant vertebrae get one to four lesions of the kinds in their weights', () => {
  const counts = new Set<number>();
  for (let n = 0; n < 16; n++) {
    const { lesions, weights } = paintPathology(randomStream(`malignant/${n}`), cylinder(), {
      malignant: true,
      leastDiameterMm: 3,
    });
    counts.add(lesions.length);
    for (const kind of ['lytic', 'blastic'] as const)
      expect(millimetres3(weights[kind]) > 0).toBe(lesions.some(lesion => lesion.kind === kind));
  }
  expect([...counts].sort()).toEqual([1, 2, 3, 4]);
});

test.each(['lytic', 'blastic'] as const)('a %s lesion has about the size asked for', kind => {
  const wanted = (4 / 3) * Math.PI * 5 ** 3;
  const volumes = Array.from({ length: 6 }, (_, n) => {
    const host = cylinder();
    const weights = emptyWeights(host);
    const lesion = drawLesion(randomStream(`size/${n}`), host, kind, 10, true);
    paintLesion(host, { ...lesion, centre: [0, 0, 0] }, weights);
    return millimetres3(weights[kind]);
  });
  const mean = volumes.reduce((sum, value) => sum + value, 0) / volumes.length;
  expect(mean / wanted).toBeGreaterThan(0.6);
  expect(mean / wanted).toBeLessThan(1.6);
});

test('lesions stay inside the body, and where kinds meet a voxel belongs to one', () => {
  const host = cylinder();
  const weights = emptyWeights(host);
  const random = randomStream('overlap');
  const centred = (kind: 'lytic' | 'blastic') => ({
    ...drawLesion(random, host, kind, 14, true),
    centre: [2, 0, 0] as const,
  });
  paintLesion(host, centred('lytic'), weights);
  paintLesion(host, centred('blastic'), weights);
  const share = (n: number) => weights.lytic[n] + weights.blastic[n];
  expect(indices(host, n => share(n) > 1 + 1e-6)).toEqual([]);
  expect(indices(host, n => host.depth[n] < -0.5 && share(n) > 0)).toEqual([]);
  expect(indices(host, n => weights.lytic[n] > 0.5).length).toBeGreaterThan(100);
});
