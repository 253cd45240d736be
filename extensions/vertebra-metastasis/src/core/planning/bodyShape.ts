/** Heights and end plates of a vertebral body in its middle sagittal slab, from the mask. */
import { applyAffine, type LabelExtent, voxelSpacingMm } from '../geometry';
import type { Labelmap } from '../types';

/** A point of the sagittal plane: posterior and superior, LPS mm. */
export type SagittalPoint = readonly [y: number, z: number];

export interface BodyShape {
  readonly anteriorMm: number;
  readonly middleMm: number;
  readonly posteriorMm: number;
  /** Angle between the end plates; positive when the body is lower in front (kyphotic). */
  readonly wedgeDegrees: number;
  /** Corners of the posterior wall. */
  readonly posteriorSuperior: SagittalPoint;
  readonly posteriorInferior: SagittalPoint;
  /** Unit vector along the body from front to back. */
  readonly backwards: SagittalPoint;
}

/** Half the slab's width: wide enough to average the texture of the mask, narrow enough for a curved end plate, mm. */
const HALF_SLAB_MM = 5;
/** Width of the columns that heights are read from, mm. */
const COLUMN_MM = 1.5;
/** Each turn removes most of the tilt that is left; bodies lean up to about 40 degrees. */
const TURNS = 6;
/** Shares of the depth, front to back, over which heights are averaged and end plates fitted; the rims are rounded. */
const ANTERIOR = [0.1, 0.28] as const;
const MIDDLE = [0.4, 0.6] as const;
const POSTERIOR = [0.72, 0.9] as const;
const END_PLATE = [0.15, 0.85] as const;
/** Fewer columns cannot carry a line. */
const MIN_COLUMNS = 5;

interface Column {
  readonly s: number;
  readonly top: number;
  readonly bottom: number;
}

/** Undefined when the body is too small or cut by the border of the CT. */
export function bodyShape(bodies: Labelmap, extent: LabelExtent): BodyShape | undefined {
  if (extent.touchesEdge) return undefined;
  const points = slab(bodies, extent);
  const [, cy, cz] = extent.centreLps;
  const voxelMm = Math.max(...voxelSpacingMm(bodies.indexToLps).slice(1));
  let angle = 0;
  let columns: readonly Column[] = [];
  let plates = { top: 0, bottom: 0 };
  for (let turn = 0; turn < TURNS; turn++) {
    columns = columnsOf(points, [cy, cz], angle);
    const central = within(columns, END_PLATE);
    if (central.length < MIN_COLUMNS) return undefined;
    plates = { top: slope(central, 'top'), bottom: slope(central, 'bottom') };
    if (turn < TURNS - 1) angle += Math.atan((plates.top + plates.bottom) / 2);
  }
  const height = (range: readonly [number, number]) => {
    const used = within(columns, range);
    return mean(used.map(({ top, bottom }) => top - bottom)) + voxelMm;
  };
  const back = columns[columns.length - 1];
  const posterior = within(columns, POSTERIOR);
  const toLps = (s: number, t: number): SagittalPoint => [
    cy + s * Math.cos(angle) - t * Math.sin(angle),
    cz + s * Math.sin(angle) + t * Math.cos(angle),
  ];
  return {
    anteriorMm: height(ANTERIOR),
    middleMm: height(MIDDLE),
    posteriorMm: height(POSTERIOR),
    wedgeDegrees: ((Math.atan(plates.top) - Math.atan(plates.bottom)) * 180) / Math.PI,
    posteriorSuperior: toLps(back.s, mean(posterior.map(({ top }) => top))),
    posteriorInferior: toLps(back.s, mean(posterior.map(({ bottom }) => bottom))),
    backwards: [Math.cos(angle), Math.sin(angle)],
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** (y, z) of the body's voxels near its middle. */
function slab(bodies: Labelmap, { label, min, max, centreLps }: LabelExtent): SagittalPoint[] {
  const { labels, dims, indexToLps } = bodies;
  const found: SagittalPoint[] = [];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        if (labels[i + dims[0] * (j + dims[1] * k)] !== label) continue;
        const [x, y, z] = applyAffine(indexToLps, [i, j, k]);
        if (Math.abs(x - centreLps[0]) <= HALF_SLAB_MM) found.push([y, z]);
      }
    }
  }
  return found;
}

/** Highest and lowest point of each column across the body, front to back, in a frame turned by `angle` about the centre. */
function columnsOf(points: readonly SagittalPoint[], [cy, cz]: SagittalPoint, angle: number): Column[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const columns = new Map<number, { top: number; bottom: number }>();
  for (const [y, z] of points) {
    const s = (y - cy) * cos + (z - cz) * sin;
    const t = -(y - cy) * sin + (z - cz) * cos;
    const place = Math.round(s / COLUMN_MM);
    const column = columns.get(place);
    if (!column) columns.set(place, { top: t, bottom: t });
    else {
      column.top = Math.max(column.top, t);
      column.bottom = Math.min(column.bottom, t);
    }
  }
  return [...columns].map(([place, ends]) => ({ s: place * COLUMN_MM, ...ends })).sort((a, b) => a.s - b.s);
}

function within(columns: readonly Column[], [from, to]: readonly [number, number]): readonly Column[] {
  const first = columns[0]?.s ?? 0;
  const depth = (columns.at(-1)?.s ?? 0) - first;
  return columns.filter(({ s }) => s >= first + from * depth && s <= first + to * depth);
}

/** Least-squares slope of one end of the columns along the body. */
function slope(columns: readonly Column[], end: 'top' | 'bottom'): number {
  const [s, t] = [mean(columns.map(column => column.s)), mean(columns.map(column => column[end]))];
  const along = columns.reduce((sum, column) => sum + (column.s - s) ** 2, 0);
  return columns.reduce((sum, column) => sum + (column.s - s) * (column[end] - t), 0) / along;
}
