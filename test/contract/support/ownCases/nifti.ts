/** NIfTI-1 files as other software writes them. */
import { gzipSync } from 'node:zlib';
import { multiply, type Volume } from '@spine/core';

export interface NiftiSpec {
  /** Value at the linear offset of the plain grid. */
  readonly valueAt: (n: number) => number;
  readonly type?: keyof typeof TYPES;
  /** Order in which the voxels are stored: patient axis and direction of i, j, k. */
  readonly order?: string;
  readonly bigEndian?: boolean;
  readonly forms?: 'sform' | 'qform' | 'both' | 'none' | 'apart';
  /** xyzt_units; 2 are millimetres. */
  readonly units?: number;
  readonly slope?: number;
  readonly intercept?: number;
  /** Further dimensions. */
  readonly more?: readonly number[];
  readonly gzip?: boolean;
  readonly description?: string;
  /** Moves the image, mm. */
  readonly shift?: number;
}

const TYPES = {
  uint8: { code: 2, bytes: 1, set: 'setUint8' },
  int16: { code: 4, bytes: 2, set: 'setInt16' },
  int32: { code: 8, bytes: 4, set: 'setInt32' },
  float32: { code: 16, bytes: 4, set: 'setFloat32' },
  float64: { code: 64, bytes: 8, set: 'setFloat64' },
  int64: { code: 1024, bytes: 8, set: 'setBigInt64' },
  complex64: { code: 32, bytes: 8, set: 'setFloat32' },
} as const;

/** Letters of the axis and direction that an index runs to: LPS is the order of an axial DICOM stack. */
const AXES: Readonly<Record<string, readonly [axis: number, sign: number]>> = {
  L: [0, 1],
  R: [0, -1],
  P: [1, 1],
  A: [1, -1],
  S: [2, 1],
  I: [2, -1],
};

export function niftiFile({ dims, indexToLps }: Pick<Volume, 'dims' | 'indexToLps'>, spec: NiftiSpec): Uint8Array {
  const { type = 'int16', order = 'LPS', bigEndian = false, forms = 'sform', gzip = true, more = [] } = spec;
  const { code, bytes, set } = TYPES[type];
  const axes = [...order].map(letter => AXES[letter]);
  const size = axes.map(([axis]) => dims[axis]);
  // Stored index -> index of the plain grid.
  const toPlain = new Float64Array(16);
  toPlain[15] = 1;
  axes.forEach(([axis, sign], column) => {
    toPlain[4 * axis + column] = sign;
    if (sign < 0) toPlain[4 * axis + 3] = dims[axis] - 1;
  });
  const lps = multiply(indexToLps, toPlain);
  const count = size[0] * size[1] * size[2] * more.reduce((a, b) => a * b, 1);
  const file = new Uint8Array(352 + count * bytes);
  const view = new DataView(file.buffer);
  const little = !bigEndian;
  view.setInt32(0, 348, little);
  [3 + more.length, ...size, ...more].forEach((n, at) => view.setInt16(40 + 2 * at, n, little));
  view.setInt16(70, code, little);
  view.setInt16(72, 8 * bytes, little);
  const spacing = [0, 1, 2].map(column => Math.hypot(lps[column], lps[4 + column], lps[8 + column]));
  const ras = lps.map((value, at) => (at < 8 ? -value : value));
  ras[11] += spec.shift ?? 0;
  const handedness = Math.sign(determinant(ras));
  [handedness, ...spacing, 1, 1, 1].forEach((mm, at) => view.setFloat32(76 + 4 * at, mm, little));
  view.setFloat32(108, 352, little);
  view.setFloat32(112, spec.slope ?? 0, little);
  view.setFloat32(116, spec.intercept ?? 0, little);
  view.setUint8(123, spec.units ?? 2);
  file.set(new TextEncoder().encode(spec.description ?? ''), 148);
  if (['qform', 'both', 'apart'].includes(forms)) {
    view.setInt16(252, 1, little);
    quaternion(ras, spacing, handedness).forEach((value, at) => view.setFloat32(256 + 4 * at, value, little));
    [3, 7, 11].forEach((at, axis) => view.setFloat32(268 + 4 * axis, ras[at] + (forms === 'apart' ? 40 : 0), little));
  }
  if (['sform', 'both', 'apart'].includes(forms)) {
    view.setInt16(254, 1, little);
    ras.subarray(0, 12).forEach((value, at) => view.setFloat32(280 + 4 * at, value, little));
  }
  file.set(new TextEncoder().encode('n+1\0'), 344);
  for (let n = 0; n < count; n++) {
    const index = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / size[0] / size[1]) % size[2]];
    const plain = [0, 1, 2].map(
      row => toPlain[4 * row + 3] + index.reduce((sum, i, c) => sum + i * toPlain[4 * row + c], 0)
    );
    const value = spec.valueAt(plain[0] + dims[0] * (plain[1] + dims[1] * plain[2]));
    const stored = set === 'setBigInt64' ? BigInt(value) : value;
    (view[set] as (at: number, value: number | bigint, little: boolean) => void).call(
      view,
      352 + n * bytes,
      stored,
      little
    );
  }
  return gzip ? new Uint8Array(gzipSync(file)) : file;
}

const determinant = (m: ArrayLike<number>): number =>
  m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);

/** b, c, d of an affine whose axes are parallel to the patient's. */
function quaternion(ras: ArrayLike<number>, spacing: readonly number[], handedness: number): number[] {
  const r = (row: number, column: number) =>
    (ras[4 * row + column] / spacing[column]) * (column === 2 ? handedness : 1);
  const a = Math.sqrt(Math.max(0, 1 + r(0, 0) + r(1, 1) + r(2, 2))) / 2;
  if (a > 0.1) {
    return [(r(2, 1) - r(1, 2)) / (4 * a), (r(0, 2) - r(2, 0)) / (4 * a), (r(1, 0) - r(0, 1)) / (4 * a)];
  }
  const [b, c, d] = [0, 1, 2].map(axis => Math.sqrt(Math.max(0, (1 + r(axis, axis)) / 2)));
  return [
    b,
    b > 0 ? Math.sign(r(0, 1) || 1) * c : c,
    b > 0 ? Math.sign(r(0, 2) || 1) * d : Math.sign(r(1, 2) || 1) * d,
  ];
}
