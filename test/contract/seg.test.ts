/** SEG of every geometry: valid, and the same voxels in every reader. */
import { join } from 'node:path';
import {
  bodySeg,
  decodeFile,
  encodeDataset,
  lesionSeg,
  levelCode,
  placeSegmentation,
  readLesionSeg,
  text,
} from '@spine/dicom';
import { frameReader } from '@spine/dicom/segFrames';
import { cornerstoneCore, cornerstoneTools, decodeWithCornerstone } from './support/cornerstone';
import { caseOf, CONTEXT, geometryCases } from './support/geometries';
import type { Case } from './support/geometries';
import { difference } from './support/masks';
import { findPython, ontoCt, readBytes, readWithHighdicom, readWithItk } from './support/readers';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, skip, writeDataset } from './support/tools';

jest.mock('@cornerstonejs/core', () => cornerstoneCore());
jest.mock('@cornerstonejs/tools', () => cornerstoneTools());

const cases = geometryCases();
const folder = makeFolder();
const fileOf = (one: Case) => join(folder, `${cases.indexOf(one)}.dcm`);
const bodyFileOf = (one: Case) => join(folder, `bodies${cases.indexOf(one)}.dcm`);
afterAll(() => removeFolder(folder));

beforeAll(() => {
  for (const one of cases) {
    const { series, labelmap, lesions } = one;
    writeDataset(folder, `${cases.indexOf(one)}.dcm`, lesionSeg({ ...CONTEXT, series, labelmap, segments: lesions }));
    const vertebrae = lesions.map(({ index, level }) => ({ label: index, level }));
    const bodies = bodySeg({ ...CONTEXT, series, bodies: labelmap, vertebrae });
    writeDataset(folder, `bodies${cases.indexOf(one)}.dcm`, bodies);
  }
});

describe.each(cases.map(one => [one.name, one] as const))('%s', (_, one) => {
  test('dciodvfy finds no error and no warning but the explained ones', () => {
    if (!hasTool('dciodvfy')) return skip('dciodvfy');
    const { errors, warnings } = dciodvfy(fileOf(one));
    expect(errors).toEqual([]);
    expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  });

  test('our reader returns voxels and lesions exactly', () => {
    const back = readLesionSeg(decodeFile(readBytes(fileOf(one))), one.series);
    expect(difference(back.labelmap.labels, one.labelmap.labels)).toBe('');
    expect(back.segments).toMatchObject(
      one.lesions.map(({ index, level, kind, score }) => ({ index, level, kind, score }))
    );
  });

  test('a segmentation of vertebral bodies is as valid, and read back exactly', () => {
    const placed = placeSegmentation(decodeFile(readBytes(bodyFileOf(one))), one.series);
    expect(difference(placed.labelmap.labels, one.labelmap.labels)).toBe('');
    if (!hasTool('dciodvfy')) return skip('dciodvfy');
    const { errors, warnings } = dciodvfy(bodyFileOf(one));
    expect(errors).toEqual([]);
    expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  });

  test("cornerstone's decoder returns the pixels of each slice by its SOPInstanceUID", async () => {
    const slices = await decodeWithCornerstone(readBytes(fileOf(one)), one.ct);
    const size = one.series.dims[0] * one.series.dims[1];
    one.series.instances.forEach((instance, k) => {
      const expected = one.labelmap.labels.subarray(k * size, (k + 1) * size);
      expect(difference(slices.get(text(instance, 'SOPInstanceUID'))!, expected)).toBe('');
    });
  });
});

/** Voxels at their positions, and the vertebra of each body. */
function expectBodies(readouts: readonly ReturnType<typeof readWithItk>[number][]): void {
  readouts.forEach((readout, n) => {
    const { name, series, labelmap, lesions } = cases[n];
    expect([name, difference(ontoCt(readout, series), labelmap.labels)]).toEqual([name, '']);
    expect(readout.segments.map(({ type, region }) => [type, region])).toEqual(
      lesions.map(({ level }) => ['3572006', levelCode(level).CodeValue])
    );
  });
}

test('ITK-Wasm returns voxels and codes of every geometry at their positions, lesions and bodies', () => {
  const readouts = readWithItk(folder, [...cases.map(fileOf), ...cases.map(bodyFileOf)]);
  readouts.slice(0, cases.length).forEach((readout, n) => {
    const { series, labelmap, lesions } = cases[n];
    expect([cases[n].name, difference(ontoCt(readout, series), labelmap.labels)]).toEqual([cases[n].name, '']);
    expect(readout.segments.map(({ modifier }) => modifier)).toEqual(lesions.map(({ kind }) => kind.toUpperCase()));
  });
  expectBodies(readouts.slice(cases.length));
}, 120_000);

test('highdicom returns voxels, codes and tracking of every geometry, lesions and bodies', () => {
  const python = findPython();
  if (!python) return skip('a Python with pydicom and highdicom (SPINE_PYTHON or training/.venv)');
  const readouts = readWithHighdicom(python, [...cases.map(fileOf), ...cases.map(bodyFileOf)]);
  expectBodies(readouts.slice(cases.length));
  readouts.slice(0, cases.length).forEach((readout, n) => {
    expect([cases[n].name, difference(ontoCt(readout, cases[n].series), cases[n].labelmap.labels)]).toEqual([
      cases[n].name,
      '',
    ]);
    const ours = readLesionSeg(decodeFile(readBytes(fileOf(cases[n]))), cases[n].series);
    expect(readout.segments).toMatchObject(
      ours.segments.map(({ index, label, trackingUid, kind }) => ({
        number: index,
        label,
        trackingUid,
        algorithm: 'AUTOMATIC',
        type: '52988006',
        modifier: kind.toUpperCase(),
      }))
    );
  });
}, 120_000);

test('the same input gives the same bytes when time and UIDs are given', () => {
  const { series, labelmap, lesions } = cases[0];
  const bytes = () => {
    let uids = 0;
    const fixed = { now: new Date(2026, 0, 2, 3, 4, 5), newUid: () => `2.25.${++uids}` };
    return new Uint8Array(encodeDataset(lesionSeg({ ...CONTEXT, ...fixed, series, labelmap, segments: lesions })));
  };
  expect(bytes()).toEqual(bytes());
});

test('a voxel beyond bit 2^31 of a BINARY segmentation is found where it is', () => {
  // 512 x 512 pixels, frames for every slice of many structures, as some writers store them.
  const [rows, columns, frames] = [512, 512, 8193];
  const packed = new Uint8Array((rows * columns * frames) / 8);
  packed[packed.length - 1] = 0b1000_0000;
  const reader = frameReader({
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames,
    BitsAllocated: 1,
    SegmentationType: 'BINARY',
    SharedFunctionalGroupsSequence: [{ SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }] }],
    PixelData: packed.buffer,
  });
  const found: number[][] = [];
  reader.visit(frames - 1, (column, row) => found.push([column, row]));
  expect(found).toEqual([[511, 511]]);
});

describe('frames that fill no whole bytes (rows x columns no multiple of 8)', () => {
  const one = caseOf('odd', { columns: 23, rows: 21, slices: 9 });
  const write = (encoding: 'BINARY' | 'LABELMAP') =>
    encodeDataset(
      lesionSeg({ ...CONTEXT, series: one.series, labelmap: one.labelmap, segments: one.lesions, encoding })
    );

  test('BINARY is packed without padding, as the standard says; our reader agrees', () => {
    const back = readLesionSeg(decodeFile(write('BINARY')), one.series);
    expect(difference(back.labelmap.labels, one.labelmap.labels)).toBe('');
  });

  test("cornerstone's decoder refuses it; LABELMAP is the way to show such a CT", async () => {
    await expect(decodeWithCornerstone(write('BINARY'), one.ct)).rejects.toThrow(
      'Unexpected 1-bit SEG PixelData length'
    );
    const slices = await decodeWithCornerstone(write('LABELMAP'), one.ct);
    const size = 23 * 21;
    one.series.instances.forEach((instance, k) => {
      const expected = one.labelmap.labels.subarray(k * size, (k + 1) * size);
      expect(difference(slices.get(text(instance, 'SOPInstanceUID'))!, expected)).toBe('');
    });
  });
});
