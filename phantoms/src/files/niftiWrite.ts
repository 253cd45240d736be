import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** NIfTI-1 data types written here. */
const DATATYPES = { int16: [4, 16], uint8: [2, 8] } as const;

/**
 * Writes a gzipped NIfTI-1 file with the given voxel-to-RAS affine as sform and qform-free.
 * @param data x fastest, as NIfTI orders it
 */
export function writeNifti(
  path: string,
  data: Int16Array | Uint8Array,
  dims: readonly [number, number, number],
  affineRas: readonly (readonly number[])[],
  description = 'synthetic phantom or inserted lesion, research only'
): void {
  const [datatype, bits] = data instanceof Int16Array ? DATATYPES.int16 : DATATYPES.uint8;
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, ...dims, 1, 1, 1, 1].forEach((value, n) => header.writeInt16LE(value, 40 + 2 * n));
  header.writeInt16LE(datatype, 70);
  header.writeInt16LE(bits, 72);
  const column = (c: number) => Math.hypot(affineRas[0][c], affineRas[1][c], affineRas[2][c]);
  [1, column(0), column(1), column(2), 0, 0, 0, 0].forEach((value, n) => header.writeFloatLE(value, 76 + 4 * n));
  header.writeFloatLE(352, 108);
  header.writeFloatLE(1, 112);
  header[123] = 2; // units: mm
  header.write(description, 148, 79, 'latin1');
  header.writeInt16LE(1, 254); // sform: scanner coordinates
  for (let r = 0; r < 3; r++) for (let c = 0; c < 4; c++) header.writeFloatLE(affineRas[r][c], 280 + 16 * r + 4 * c);
  header.write('n+1\0', 344, 'latin1');
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  // Level 1: most of the gain at a fraction of the time; level and input fix the bytes, so that files can be compared.
  writeFileSync(path, gzipSync(Buffer.concat([header, body]), { level: 1 }));
}
