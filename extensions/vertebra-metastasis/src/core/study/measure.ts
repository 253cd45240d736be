/** Volumes and Hounsfield statistics of labelled regions, from the voxels as they are. */
import { applyAffine, axisStep, checkSameGrid, labelOffsets, type Vec3 } from '../geometry';
import { type Affine, InputError, type Labelmap, type Volume } from '../types';

export interface HuStatistics {
  readonly mean: number;
  /** Population standard deviation (divided by n). */
  readonly standardDeviation: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Mean of the two middle values when their number is even. */
  readonly median: number;
}

/** Tenth and ninetieth percentile, interpolated linearly between values. */
export interface HuPercentiles {
  readonly p10: number;
  readonly p90: number;
}

export interface RegionMeasurement {
  readonly label: number;
  readonly voxels: number;
  /** Sum over voxels of pixel area x thickness of their slice. */
  readonly cubicMillimetres: number;
  readonly millilitres: number;
  readonly hu: HuStatistics;
  readonly huPercentiles: HuPercentiles;
  /** Mean of the voxel centres, weighted by slice thickness; LPS mm. */
  readonly centroidLps: Vec3;
  /** First and last slice with a voxel, inclusive. */
  readonly slices: readonly [number, number];
}

/**
 * The part of the stack each slice stands for: half the distance to either neighbour; the outermost slices reach as far out
 * as in. For even stacks this is the spacing.
 * @param positionsMm positions along the normal, strictly monotonic, at least two
 */
export function sliceThicknessesMm(positionsMm: ArrayLike<number>): Float64Array {
  const n = positionsMm.length;
  if (n < 2) throw new InputError('too-few-slices', { found: n, needed: 2 });
  const gap = (k: number) => Math.abs(positionsMm[k + 1] - positionsMm[k]);
  return Float64Array.from({ length: n }, (_, k) => (gap(Math.max(k - 1, 0)) + gap(Math.min(k, n - 2))) / 2);
}

/**
 * Measures every label above 0.
 * @param positionsMm real slice positions along the normal (CtSeries.slicePositionsMm); default: even, from indexToLps
 * @returns by label, ascending
 * @throws InputError grid-mismatch, bad-dimensions (number of positions)
 */
export function measureLabels(
  volume: Volume,
  labelmap: Labelmap,
  positionsMm?: ArrayLike<number>
): Map<number, RegionMeasurement> {
  checkSameGrid(volume, labelmap);
  const measured = regionMeasurer(volume, positionsMm);
  const offsets = [...labelOffsets(labelmap)].sort(([a], [b]) => a - b);
  return new Map(offsets.map(([label, list]) => [label, { label, ...measured(list) }]));
}

/**
 * Measures voxels given by their offsets into the volume, ascending, at least one, as `measureLabels` does.
 * @throws InputError bad-dimensions (number of positions)
 */
export function regionMeasurer(
  volume: Volume,
  positionsMm?: ArrayLike<number>
): (offsets: readonly number[]) => Omit<RegionMeasurement, 'label'> {
  const thickness = thicknesses(volume, positionsMm);
  return offsets => measure(offsets, volume, thickness);
}

/** Millilitres of every label above 0, as reported; no voxel values needed. @throws InputError bad-dimensions */
export function labelMillilitres(labelmap: Labelmap, positionsMm?: ArrayLike<number>): Map<number, number> {
  const { labels, dims } = labelmap;
  const perVoxel = voxelMillilitresBySlice(labelmap, positionsMm);
  const found = new Map<number, number>();
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue;
    const millilitres = perVoxel[Math.floor(n / (dims[0] * dims[1]))];
    found.set(labels[n], (found.get(labels[n]) ?? 0) + millilitres);
  }
  return new Map([...found].map(([label, millilitres]) => [label, reportedMillilitres(millilitres)]));
}

/** Rounds to 0.001 mm3, so that sums made in another order are the same number and read the same with fewer digits. */
export function reportedMillilitres(millilitres: number): number {
  return round(millilitres, 6);
}

/** Millilitres that one voxel of each slice stands for. @throws InputError bad-dimensions */
export function voxelMillilitresBySlice(
  grid: Pick<Volume, 'dims' | 'indexToLps'>,
  positionsMm?: ArrayLike<number>
): Float64Array {
  const area = pixelArea(grid.indexToLps);
  return thicknesses(grid, positionsMm).map(thickness => (area * thickness) / 1000);
}

const pixelArea = (indexToLps: Affine): number =>
  Math.hypot(...axisStep(indexToLps, 0)) * Math.hypot(...axisStep(indexToLps, 1));

function thicknesses(
  { dims, indexToLps }: Pick<Volume, 'dims' | 'indexToLps'>,
  positionsMm?: ArrayLike<number>
): Float64Array {
  if (!positionsMm) return new Float64Array(dims[2]).fill(Math.hypot(...axisStep(indexToLps, 2)));
  if (positionsMm.length !== dims[2]) {
    throw new InputError('slice-positions', { positions: positionsMm.length, slices: dims[2] });
  }
  return sliceThicknessesMm(positionsMm);
}

function measure(
  offsets: readonly number[],
  volume: Volume,
  thickness: Float64Array
): Omit<RegionMeasurement, 'label'> {
  const { hu, dims, indexToLps } = volume;
  const area = pixelArea(indexToLps);
  const size = dims[0] * dims[1];
  const index = [0, 0, 0];
  let depth = 0;
  for (const n of offsets) {
    const k = Math.floor(n / size);
    depth += thickness[k];
    index[0] += thickness[k] * (n % dims[0]);
    index[1] += thickness[k] * (Math.floor(n / dims[0]) % dims[1]);
    index[2] += thickness[k] * k;
  }
  const values = Float64Array.from(offsets, n => hu[n]).sort();
  return {
    voxels: offsets.length,
    cubicMillimetres: area * depth,
    millilitres: (area * depth) / 1000,
    hu: huStatistics(values),
    huPercentiles: { p10: percentile(values, 0.1), p90: percentile(values, 0.9) },
    centroidLps: applyAffine(indexToLps, [index[0] / depth, index[1] / depth, index[2] / depth]),
    slices: [Math.floor(offsets[0] / size), Math.floor(offsets[offsets.length - 1] / size)],
  };
}

/** @param values at least one; not modified */
export function huStatistics(values: ArrayLike<number>): HuStatistics {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    minimum: sorted[0],
    maximum: sorted[n - 1],
    median: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2,
  };
}

/** @param sorted ascending, at least one @param share 0..1 */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** The numbers of a region as they are reported everywhere: in files, tables and panel. */
export type ReportedRegion = Omit<RegionMeasurement, 'label' | 'slices'>;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Rounds to 0.001 mm3, 0.01 HU and 0.001 mm: below what a CT can tell, and short enough to be read. */
export function reportedRegion(region: Omit<RegionMeasurement, 'label'>): ReportedRegion {
  const { mean, standardDeviation, minimum, maximum, median } = region.hu;
  const { p10, p90 } = region.huPercentiles;
  const [x, y, z] = region.centroidLps;
  return {
    voxels: region.voxels,
    cubicMillimetres: round(region.cubicMillimetres, 3),
    millilitres: reportedMillilitres(region.millilitres),
    hu: {
      mean: round(mean, 2),
      standardDeviation: round(standardDeviation, 2),
      minimum: round(minimum, 2),
      maximum: round(maximum, 2),
      median: round(median, 2),
    },
    huPercentiles: { p10: round(p10, 2), p90: round(p90, 2) },
    centroidLps: [round(x, 3), round(y, 3), round(z, 3)],
  };
}
