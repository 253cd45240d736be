import { clip, decimalString, dicomDateTime, newUid, uidFromHash } from './identity';

test.each([
  [0, '0'],
  [-300.125, '-300.125'],
  [1 / 3, '0.33333333333333'],
  [-1 / 3, '-0.3333333333333'],
  [0.9999999999999998, '1'],
  [1e-20, '1e-20'],
  [-1.23456789012345e-7, '-1.2345678901e-7'],
  [123456789.12345679, '123456789.123457'],
])('decimal string of %d', (value, expected) => {
  expect(decimalString(value)).toBe(expected);
  expect(decimalString(value).length).toBeLessThanOrEqual(16);
});

test('what is no number is no decimal string', () => {
  expect(() => decimalString(Number.NaN)).toThrow('cannot be a DICOM decimal string');
});

test('UIDs are unique, valid and at most 64 characters; hashes give the same one again', () => {
  const uids = Array.from({ length: 200 }, newUid);
  expect(new Set(uids).size).toBe(200);
  for (const uid of uids) {
    expect(uid).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
    expect(BigInt(uid.slice(5)) < 1n << 128n).toBe(true);
  }
  expect(uidFromHash('00'.repeat(31) + 'ff')).toBe('2.25.0');
  expect(uidFromHash('no hash')).toBeUndefined();
});

test('dates and clipped texts', () => {
  expect(dicomDateTime(new Date(2026, 0, 2, 3, 4, 5))).toEqual({ date: '20260102', time: '030405' });
  expect(clip('äöü', 2)).toBe('äö');
});
