/** The largest study of the requirements: 512 x 512 x 600 voxels, 40 lesions along the spine in 20 vertebral bodies. */
import { type CtSeries, ctSeries, type LesionToWrite } from '@spine/dicom';
import { lesion } from '../contract/support/geometries';
import { syntheticCt } from '../contract/support/syntheticCt';

const [COLUMNS, ROWS, SLICES] = [512, 512, 600];
const [PIXEL_MM, BODIES] = [0.8, 20];
/** Balls of 14 ml, two to a vertebra; the first lie on the first slice, the last on the last. */
const RADIUS_MM = 15;
/** Half the size of a body, voxels: columns, rows, slices. */
const HALF_BODY = [60, 25, 15] as const;
const CENTRE = [260, 300] as const;

/** The block that holds everything: its first voxel, as index and in LPS mm, and its size. */
export const REGION = {
  first: [CENTRE[0] - 64, CENTRE[1] - 32, 0],
  size: [128, 64, SLICES],
  originLps: [-200 + PIXEL_MM * (CENTRE[0] - 64), -200 + PIXEL_MM * (CENTRE[1] - 32), -SLICES],
  spacingMm: [PIXEL_MM, PIXEL_MM, 1],
} as const;

/** The labels of REGION, columns fastest. @param labels of the whole study */
export function cropped(labels: Uint8Array): Uint8Array {
  const [columns, rows, slices] = REGION.size;
  const block = new Uint8Array(columns * rows * slices);
  for (let k = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      const start = REGION.first[0] + COLUMNS * (REGION.first[1] + j + ROWS * k);
      block.set(labels.subarray(start, start + columns), columns * (j + rows * k));
    }
  }
  return block;
}

export interface LargestStudy {
  readonly series: CtSeries;
  readonly lesionLabels: Uint8Array;
  readonly lesions: readonly LesionToWrite[];
  readonly bodyLabels: Uint8Array;
  readonly bodies: readonly { readonly label: number; readonly level: string }[];
}

const LEVELS = ['C4', 'C5', 'C6', 'C7', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12'];
/** From pelvis to head, as the slices are. */
const levelAt = (body: number): string => ['L1', 'L2', 'L3', 'L4', ...LEVELS][body];
const sliceAt = (body: number): number => Math.round((body * (SLICES - 1)) / (BODIES - 1));

export function largestStudy(): LargestStudy {
  const lesionLabels = new Uint8Array(COLUMNS * ROWS * SLICES);
  const bodyLabels = new Uint8Array(COLUMNS * ROWS * SLICES);
  for (let body = 0; body < BODIES; body++) {
    fill(bodyLabels, [...CENTRE, sliceAt(body)], HALF_BODY, body + 1, () => true);
    for (const side of [0, 1]) {
      const radii = [RADIUS_MM / PIXEL_MM, RADIUS_MM / PIXEL_MM, RADIUS_MM] as const;
      const centre = [CENTRE[0] + (side === 0 ? -30 : 30), CENTRE[1], sliceAt(body)] as const;
      const inside = (...offset: number[]) => offset.reduce((sum, d, axis) => sum + (d / radii[axis]) ** 2, 0) <= 1;
      fill(lesionLabels, centre, radii, 2 * body + side + 1, inside);
    }
  }
  return {
    series: ctSeries(headers()),
    lesionLabels,
    lesions: Array.from({ length: 2 * BODIES }, (_, n) => lesion(n + 1, { level: levelAt(n >> 1) })),
    bodyLabels,
    bodies: Array.from({ length: BODIES }, (_, n) => ({ label: n + 1, level: levelAt(n) })),
  };
}

/** Headers only: the pixels of the CT are no part of saving. */
function headers() {
  return syntheticCt({ columns: 1, rows: 1, slices: SLICES }).map((instance, k) => ({
    ...instance,
    Rows: ROWS,
    Columns: COLUMNS,
    PixelSpacing: [PIXEL_MM, PIXEL_MM],
    SliceThickness: 1,
    ImagePositionPatient: [-200, -200, k - SLICES],
    PixelData: undefined,
  }));
}

function fill(
  labels: Uint8Array,
  [ci, cj, ck]: readonly [number, number, number],
  [hi, hj, hk]: readonly [number, number, number],
  label: number,
  inside: (di: number, dj: number, dk: number) => boolean
): void {
  const [ri, rj, rk] = [hi, hj, hk].map(Math.floor);
  for (let dk = -rk; dk <= rk; dk++) {
    if (ck + dk < 0 || ck + dk >= SLICES) continue;
    for (let dj = -rj; dj <= rj; dj++) {
      for (let di = -ri; di <= ri; di++) {
        if (inside(di, dj, dk)) labels[ci + di + COLUMNS * (cj + dj + ROWS * (ck + dk))] = label;
      }
    }
  }
}
