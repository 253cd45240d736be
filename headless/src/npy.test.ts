import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNpy, writeNpy } from './npy';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'npy-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('reads what it wrote', () => {
  const path = join(folder, 'a.npy');
  const data = Float32Array.of(1, -2.5, 3, 4, 5, 6);
  writeNpy(path, data, [2, 3]);
  expect(readNpy(path)).toEqual({ shape: [2, 3], data });
});

it('brings Fortran order into C order', () => {
  const path = join(folder, 'f.npy');
  writeNpy(path, Uint8Array.of(1, 4, 2, 5, 3, 6), [2, 3]);
  // numpy writes 'True' in the same header; the padding keeps its length.
  writeFileSync(path, Buffer.from(readFileSync(path, 'latin1').replace('False, ', 'True,  '), 'latin1'));
  expect([...readNpy(path).data]).toEqual([1, 2, 3, 4, 5, 6]);
});

it.each([
  ['no NumPy file', 'hello'],
  ['a truncated one', "\x93NUMPY\x01\x00\x3f\x00{'descr': '<f4', 'fortran_order': False, 'shape': (64, 64), }    \n"],
  ['other types', "\x93NUMPY\x01\x00\x3c\x00{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }       \n"],
])('names the file for %s', (_, content) => {
  const path = join(folder, 'bad.npy');
  writeFileSync(path, content, 'latin1');
  expect(() => readNpy(path)).toThrow(/bad\.npy/);
});
