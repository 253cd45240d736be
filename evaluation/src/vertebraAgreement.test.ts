import { PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import { agreementOf, compareVertebra, type SliceMasks } from './vertebraAgreement';

/** A square of the given side at (row, column) in each of `count` slices from `first`. */
function lesion(kind: 'lytic' | 'blastic', side: number, at: number, first: number, count: number): SliceMasks[] {
  return Array.from({ length: count }, (_, k) => {
    const mask = new Uint8Array(PATCH_PIXELS);
    for (let r = 0; r < side; r++) for (let c = 0; c < side; c++) mask[(at + r) * PATCH_SIZE + at + c] = 1;
    const empty = new Uint8Array(PATCH_PIXELS);
    return {
      index: first + k,
      lyticMask: kind === 'lytic' ? mask : empty,
      blasticMask: kind === 'blastic' ? mask : empty,
    };
  });
}

test('the same masks agree fully, and empty ones with one another', () => {
  const masks = lesion('lytic', 4, 10, 3, 5);
  expect(compareVertebra(masks, masks)).toEqual({ maskDice: 1, voxels: [80, 80], matched: 1, missed: 0, extra: 0 });
  expect(compareVertebra([], [])).toMatchObject({ maskDice: 1, matched: 0, missed: 0, extra: 0 });
});

test('a lesion of the other kind is missed and extra, a speck is neither', () => {
  const lytic = lesion('lytic', 4, 10, 3, 5);
  const blastic = lesion('blastic', 4, 10, 3, 5);
  expect(compareVertebra(lytic, blastic)).toMatchObject({ maskDice: 0, matched: 0, missed: 1, extra: 1 });
  expect(compareVertebra(lytic, [...lytic, ...lesion('lytic', 2, 40, 3, 2)])).toMatchObject({
    matched: 1,
    missed: 0,
    extra: 0,
    voxels: [80, 88],
  });
});

test('volumes are compared in the vertebrae that have lesions', () => {
  const one = lesion('lytic', 4, 10, 3, 10);
  const shorter = one.slice(0, 8);
  const agreement = agreementOf([compareVertebra(one, shorter), compareVertebra(one, one), compareVertebra([], [])]);
  expect(agreement.vertebrae).toBe(3);
  expect(agreement.volumeError).toBeCloseTo(0.1, 12);
  expect(agreement.volumeBias).toBeCloseTo(-0.1, 12);
  expect(agreement.sameLesions).toBe(1);
  expect(agreement.sameVertebrae).toBe(1);
});
