import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNiftiVolume } from '@spine/headless/nifti';
import { cropAffineRas, cropPosition } from '../imaging/crop';
import { writeNifti } from './niftiWrite';

const folder = mkdtempSync(join(tmpdir(), 'phantom-nifti-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a crop is read back with its values, and each voxel lies where the crop says', async () => {
  const geometry = { slices: 6, centre: [12.3, -45.6, 78.9] as const };
  const dims = [64, 64, 6] as const;
  const hu = Int16Array.from({ length: 64 * 64 * 6 }, (_, n) => (n % 4000) - 1000);
  const path = join(folder, 'crop.nii.gz');
  writeNifti(path, hu, dims, cropAffineRas(geometry));
  const volume = await readNiftiVolume(path);
  expect(volume.dims).toEqual(dims);
  expect(volume.hu).toEqual(hu);
  const m = volume.indexToLps;
  for (const [a, s, k] of [
    [0, 0, 0],
    [63, 0, 5],
    [10, 63, 2],
  ]) {
    const lps = [0, 1, 2].map(r => m[4 * r] * a + m[4 * r + 1] * s + m[4 * r + 2] * k + m[4 * r + 3]);
    cropPosition(geometry, a, s, k).forEach((value, axis) => expect(lps[axis]).toBeCloseTo(value, 3));
  }
});

test('rows run to posterior, columns to inferior, slices to the left', () => {
  const geometry = { slices: 4, centre: [0, 0, 0] as const };
  const step = (a: number, s: number, k: number) =>
    cropPosition(geometry, a, s, k).map((value, axis) => value - cropPosition(geometry, 0, 0, 0)[axis]);
  expect(step(1, 0, 0)[1]).toBeCloseTo(0.8);
  expect(step(0, 1, 0)[2]).toBeCloseTo(-0.675);
  expect(step(0, 0, 1)[0]).toBeCloseTo(0.8);
});
