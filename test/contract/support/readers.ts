import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CtSeries } from '@spine/dicom';

/** A SEG as another program read it: labels on that program's own grid. */
interface Readout {
  readonly dims: readonly [number, number, number];
  /** 4 x 4 row-major, LPS mm. */
  readonly indexToLps: readonly number[];
  /** [index, label] of every voxel that is not background. */
  readonly voxels: readonly (readonly [number, number])[];
  /** By segment number: what the reader understood of the segments. */
  readonly segments: readonly SegmentReadout[];
}
export interface SegmentReadout {
  readonly number: number;
  readonly label: string;
  readonly algorithm: string;
  readonly type: string;
  readonly modifier: string;
  readonly region: string;
  readonly trackingUid: string;
}

/** Reads SEG files with ITK-Wasm (dcmqi underneath), in one process. */
export function readWithItk(folder: string, files: readonly string[]): Readout[] {
  const output = join(folder, 'itk.json');
  execFileSync(process.execPath, [join(__dirname, 'readSegItk.mjs'), output, ...files], { stdio: 'pipe' });
  return JSON.parse(readFileSync(output, 'utf8')) as Readout[];
}

/** A Python that can import these: SPINE_PYTHON, or training/.venv; undefined without one. */
export function findPython(packages = 'pydicom, highdicom'): string | undefined {
  const root = join(__dirname, '../../..');
  const candidates = [process.env.SPINE_PYTHON, join(root, 'training/.venv/bin/python')];
  return candidates.find(
    path => path && existsSync(path) && spawnSync(path, ['-c', `import ${packages}`]).status === 0
  );
}

/** Reads SEG files with highdicom, in one process. */
export function readWithHighdicom(python: string, files: readonly string[]): Readout[] {
  const script = join(__dirname, 'read_seg_highdicom.py');
  return JSON.parse(execFileSync(python, [script, ...files], { encoding: 'utf8', maxBuffer: 1 << 28 })) as Readout[];
}

/** Labels on the CT grid, by the LPS position of each voxel; throws when one lies on no voxel centre of the CT. */
export function ontoCt(readout: Readout, series: CtSeries): Uint8Array {
  const [columns, rows, slices] = series.dims;
  const labels = new Uint8Array(columns * rows * slices);
  const m = readout.indexToLps;
  for (const [n, label] of readout.voxels) {
    const [i, j, k] = [
      n % readout.dims[0],
      Math.floor(n / readout.dims[0]) % readout.dims[1],
      Math.floor(n / (readout.dims[0] * readout.dims[1])),
    ];
    const offset = [0, 1, 2].map(
      axis => m[4 * axis] * i + m[4 * axis + 1] * j + m[4 * axis + 2] * k + m[4 * axis + 3] - series.positions[0][axis]
    );
    const index = series.directions.map(
      (direction, axis) => direction.reduce((sum, value, d) => sum + value * offset[d], 0) / series.spacingMm[axis]
    );
    if (index.some(value => Math.abs(value - Math.round(value)) > 0.01))
      throw new Error(`voxel at ${index.join(', ')}`);
    const [x, y, z] = index.map(Math.round);
    labels[x + columns * (y + rows * z)] = label;
  }
  return labels;
}

export const readBytes = (path: string): ArrayBuffer => {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};
