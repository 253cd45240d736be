import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError, type Labelmap } from '@spine/core';
import { encodeNiftiLabelmap, isNiftiPath, readNiftiLabelmap, readNiftiVolume } from './nifti';

const folder = mkdtempSync(join(tmpdir(), 'nifti-'));
afterAll(() => rmSync(folder, { recursive: true }));

const labelmap: Labelmap = {
  labels: Uint8Array.from({ length: 24 }, (_, n) => n % 5),
  dims: [4, 3, 2],
  indexToLps: Float64Array.from([0, 0, -1.5, 7, 1.25, 0, 0, -3, 0, -2, 0, 11.5, 0, 0, 0, 1]),
};
const save = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** A plain NIfTI-1 file whose header bytes are then changed. */
function edited(change: (view: DataView) => void, name = 'edited.nii'): string {
  const bytes = new Uint8Array(gunzipSync(encodeNiftiLabelmap(labelmap, 'test')));
  change(new DataView(bytes.buffer));
  return save(name, bytes);
}

test('a labelmap is read back as written, in LPS', async () => {
  const path = save('labels.nii.gz', encodeNiftiLabelmap(labelmap, 'test'));
  const read = await readNiftiLabelmap(path);
  expect(read.dims).toEqual(labelmap.dims);
  expect([...read.labels]).toEqual([...labelmap.labels]);
  expect([...read.indexToLps]).toEqual([...labelmap.indexToLps].map(value => value + 0));
});

test('the file says RAS: x and y of the affine have the other sign', () => {
  const view = new DataView(gunzipSync(encodeNiftiLabelmap(labelmap, 'test')).buffer);
  const rows = [0, 1, 2].map(row => [0, 1, 2, 3].map(column => view.getFloat32(280 + 16 * row + 4 * column, true)));
  expect(rows.map(row => row.map(value => value + 0))).toEqual([
    [0, 0, 1.5, -7],
    [-1.25, 0, 0, 3],
    [0, -2, 0, 11.5],
  ]);
});

test('slope and intercept are applied, whole numbers stay Int16', async () => {
  const scaled = edited(view => {
    view.setFloat32(112, 2, true);
    view.setFloat32(116, -1000, true);
  });
  const { hu } = await readNiftiVolume(scaled);
  expect(hu).toBeInstanceOf(Int16Array);
  expect([...hu.slice(0, 6)]).toEqual([-1000, -998, -996, -994, -992, -1000]);
});

test('a quaternion (qform) places the image where there is no sform', async () => {
  const path = edited(view => {
    view.setInt16(254, 0, true);
    view.setInt16(252, 1, true);
    view.setFloat32(76, 1, true); // qfac
    view.setFloat32(264, 1, true); // half a turn about z: x and y reversed, that is LPS
    [5, 6, 7].forEach((value, at) => view.setFloat32(268 + 4 * at, value, true));
  });
  const { indexToLps } = await readNiftiLabelmap(path);
  expect([...indexToLps].map(value => Number(value.toFixed(5)) + 0)).toEqual([
    ...[1.25, 0, 0, -5, 0, 2, 0, -6, 0, 0, 1.5, 7, 0, 0, 0, 1],
  ]);
});

test.each<[string, (view: DataView) => void]>([
  ['nifti-orientation', view => view.setInt16(254, 0, true)],
  ['not-3d', view => view.setInt16(40, 2, true)],
  ['not-nifti', view => view.setUint8(344, 0)],
  ['nifti-datatype', view => view.setInt16(70, 128, true)],
  ['bad-labels', view => view.setFloat32(112, 0.5, true)],
])('%s is refused by name', async (code, change) => {
  await expect(readNiftiLabelmap(edited(change))).rejects.toThrow(expect.objectContaining({ code }));
});

test('an unreadable path is refused by name', async () => {
  await expect(readNiftiVolume(join(folder, 'absent.nii'))).rejects.toThrow(InputError);
  expect([isNiftiPath('a/b.NII.GZ'), isNiftiPath('b.nii'), isNiftiPath('b.dcm')]).toEqual([true, true, false]);
});

test('an array on a known grid is read wherever its header places it', async () => {
  const path = edited(view => {
    // Two forms that disagree: the public T10 has such a header.
    view.setInt16(252, 1, true);
    view.setFloat32(76, 1, true);
    [100, 200, 300].forEach((value, at) => view.setFloat32(268 + 4 * at, value, true));
  }, 'forms.nii');
  await expect(readNiftiLabelmap(path)).rejects.toThrow(/qform and sform/);
  const { labels, dims } = await readNiftiLabelmap(path, { placed: false });
  expect([dims, [...labels]]).toEqual([labelmap.dims, [...labelmap.labels]]);
  expect([...(await readNiftiVolume(path, { placed: false })).hu]).toEqual([...labelmap.labels]);
});
