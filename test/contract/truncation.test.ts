/** A file that was cut off anywhere is refused: parsers fill what is missing with zeros, and zeros are a CT or a mask as well. */
import { bodySeg, ctSeries, decodeFile, encodeDataset, openPart10 } from '@spine/dicom';
import { readPart10 } from '../../viewer/src/server/part10';
import { CONTEXT } from './support/geometries';
import { syntheticCt } from './support/syntheticCt';
import { deflatedCopy, implicitCopy } from './support/foreignFiles';

const CUTS = 200;
const images = syntheticCt({ columns: 40, rows: 32, slices: 6 });
const series = ctSeries(images);
const labels = new Uint8Array(40 * 32 * 6).fill(1, 2000, 5000);
const bodies = { labels, dims: series.dims, indexToLps: series.indexToLps };
const seg = bodySeg({ ...CONTEXT, series, bodies, vertebrae: [{ label: 1, level: 'L2' }] });
const [ct, mask] = [images[2], seg].map(dataset => new Uint8Array(encodeDataset(dataset)));

/** Seeded, from the first to the last but one byte. */
function cuts(length: number): number[] {
  let state = 20261129;
  return Array.from({ length: CUTS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * length);
  });
}

test.each<[string, Uint8Array]>([
  ['CT', ct],
  ['SEG', mask],
  ['CT, Implicit VR', implicitCopy(images[2])],
  ['CT, deflated', deflatedCopy(ct)],
])('%s: none of 200 cut copies is read, the whole one is', (_, file) => {
  expect(decodeFile(file).SOPInstanceUID).toBeTruthy();
  const read = cuts(file.length).filter(length => {
    try {
      decodeFile(file.subarray(0, length));
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(truncated|not-dicom|no-transfer-syntax)$/) });
      return false;
    }
  });
  expect(read).toEqual([]);
});

test('the last bytes count: one byte short is short', () => {
  for (const file of [ct, mask]) {
    expect(() => openPart10(file.subarray(0, file.length - 1))).toThrow(expect.objectContaining({ code: 'truncated' }));
  }
});

test('a cut between two elements leaves no pixels, and is refused for that', () => {
  const pixels = 12 + 40 * 32 * 2;
  expect(() => decodeFile(ct.subarray(0, ct.length - pixels))).toThrow(/before its pixel data/);
});

test('zeros after the last element are padding', () => {
  const padded = new Uint8Array(ct.length + 512);
  padded.set(ct);
  expect(decodeFile(padded).Rows).toBe(32);
});

test('the server refuses what the panel and the command line refuse', () => {
  expect(() => readPart10(Buffer.from(ct.subarray(0, ct.length - 900)))).toThrow(/cut off/);
});
