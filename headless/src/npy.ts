import { readFileSync, writeFileSync } from 'node:fs';
import { InputError } from '@spine/core';

/** A NumPy array, in C order once read. Only the types that the golden files use are known. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Uint8Array | Int16Array;
}

const MAGIC = '\x93NUMPY';
const READERS: Record<string, (buffer: ArrayBuffer) => NpyArray['data']> = {
  '<f4': buffer => new Float32Array(buffer),
  '<f8': buffer => new Float64Array(buffer),
  '<i2': buffer => new Int16Array(buffer),
  '|u1': buffer => new Uint8Array(buffer),
  '|b1': buffer => new Uint8Array(buffer),
};
const BYTES: Record<string, number> = { '<f4': 4, '<f8': 8, '<i2': 2, '|u1': 1, '|b1': 1 };

/**
 * Reads a .npy file (format 1 or 2, little endian, C or Fortran order; NumPy Enhancement Proposal 1).
 * @throws InputError 'npy' naming the file and what is wrong with it
 */
export function readNpy(path: string): NpyArray {
  const fail = (why: string) => new InputError('npy', { reason: why }, { file: path });
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
  if (file.toString('latin1', 0, 6) !== MAGIC) throw fail('not a NumPy .npy file');
  const wide = file[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? file.readUInt32LE(8) : file.readUInt16LE(8));
  const header = file.toString('latin1', start, end);
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(header)?.[1]
    .split(',')
    .filter(part => part.trim())
    .map(Number);
  const read = READERS[descr];
  if (!read) throw fail(`values of type "${descr}"; save it as float32 or uint8`);
  if (!shape) throw fail('its header names no shape');
  if ((file.length - end) % BYTES[descr] !== 0) throw fail('it ends within a value; copy it again');
  const data = read(file.buffer.slice(file.byteOffset + end, file.byteOffset + file.length) as ArrayBuffer);
  const expected = shape.reduce((product, n) => product * n, 1);
  if (data.length !== expected) throw fail(`holds ${data.length} values, its header says ${expected}`);
  return { shape, data: /'fortran_order':\s*True/.test(header) ? fromFortranOrder(data, shape) : data };
}

/** The same array in C order: the last index runs fastest. */
function fromFortranOrder(data: NpyArray['data'], shape: readonly number[]): NpyArray['data'] {
  const ordered = data.slice();
  const index = shape.map(() => 0);
  for (let target = 0; target < ordered.length; target++) {
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
    ordered[target] = data[source];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return ordered;
}

/** Writes a .npy file (format 1.0, little endian, C order). */
export function writeNpy(path: string, data: Float32Array | Uint8Array, shape: readonly number[]): void {
  const descr = data instanceof Float32Array ? '<f4' : '|u1';
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The header is padded with spaces so that the data starts at a multiple of 64 bytes.
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const head = Buffer.alloc(10);
  head.write(MAGIC, 'latin1');
  head.set([1, 0], 6);
  head.writeUInt16LE(padded.length, 8);
  writeFileSync(
    path,
    Buffer.concat([head, Buffer.from(padded, 'latin1'), Buffer.from(data.buffer, data.byteOffset, data.byteLength)])
  );
}
