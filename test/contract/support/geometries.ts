import type { LesionKind } from '@spine/core';
import type { CtSeries, LesionToWrite, NaturalizedInstance } from '@spine/dicom';
import { ctSeries } from '@spine/dicom';
import { ball, labelmapOf } from './masks';
import { FEET_FIRST, syntheticCt } from './syntheticCt';
import type { SyntheticCt } from './syntheticCt';

export const MODEL = { id: 'tiny', name: 'Tiny test model', version: '1.0', sha256: '0123456789abcdef'.repeat(4) };
export const CONTEXT = {
  model: MODEL,
  sampler: { words: 'reference, 250 + 100 steps' },
  threshold: 0.5,
  provider: 'cpu',
};

/** A CT with lesions drawn into it. */
export interface Case {
  readonly name: string;
  readonly ct: readonly NaturalizedInstance[];
  readonly series: CtSeries;
  readonly labelmap: ReturnType<typeof labelmapOf>;
  readonly lesions: readonly LesionToWrite[];
}

const LEVELS = ['T8', 'T9', 'T10', 'T11', 'T12', 'T13', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6'];
const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

export const lesion = (index: number, more: Partial<LesionToWrite> = {}): LesionToWrite => ({
  index,
  level: LEVELS[Math.floor((index - 1) / 2) % LEVELS.length],
  kind: KINDS[(index - 1) % 2],
  score: Number((0.5 + index / 100).toFixed(2)),
  algorithmType: 'AUTOMATIC',
  ...more,
});

const [sin, cos] = [Math.sin(Math.PI / 12), Math.cos(Math.PI / 12)];
/** Every geometry of CT that results must survive. Origins differ so that no mix-up goes unnoticed. */
export const GEOMETRIES: readonly (readonly [string, SyntheticCt])[] = [
  ['head first, slices from foot to head', {}],
  ['head first, slices from head to foot', { order: 'descending' }],
  ['head first, slices in no order', { order: 'shuffled' }],
  ['feet first', { orientation: FEET_FIRST, origin: [30, -20, 400], patientPosition: 'FFS' }],
  ['prone', { orientation: [-1, 0, 0, 0, -1, 0], origin: [30, 40, 400], patientPosition: 'HFP', order: 'descending' }],
  ['oblique axial by 15 degrees', { orientation: [1, 0, 0, 0, cos, sin], origin: [-10.5, -20.25, -300.125] }],
  [
    'oblique about two axes',
    { orientation: [cos, 0, -sin, sin * sin, cos, sin * cos], origin: [-33.3, 41.7, 12.1], order: 'shuffled' },
  ],
  ['non-square pixels', { pixelSpacing: [0.9, 0.6], sliceSpacing: 1.25 }],
  ['pixels three times as wide as high', { pixelSpacing: [0.5, 1.6], sliceSpacing: 3 }],
];

/** A hollow lesion, one on the first and one on the last slice, one of a single voxel. */
function lesionsIn(series: CtSeries) {
  const [columns, rows, slices] = series.dims;
  const middle: [number, number, number] = [columns >> 1, rows >> 1, slices >> 1];
  const shell = ball(series, middle, 4.2);
  const hole = ball(series, middle, 1.6);
  return labelmapOf(series, [
    { label: 1, inside: (i, j, k) => shell(i, j, k) && !hole(i, j, k) },
    { label: 2, inside: (i, j, k) => k === 0 && i < 4 && j < 3 },
    { label: 3, inside: (i, j, k) => k === slices - 1 && i > columns - 3 && j > rows - 5 },
    { label: 4, inside: (i, j, k) => i === 3 && j === rows - 2 && k === 2 },
  ]);
}

export function caseOf(name: string, options: SyntheticCt): Case {
  const ct = syntheticCt(options);
  const series = ctSeries(ct);
  return { name, ct, series, labelmap: lesionsIn(series), lesions: [1, 2, 3, 4].map(index => lesion(index)) };
}

export const geometryCases = (): Case[] => [
  ...GEOMETRIES.map(([name, options]) => caseOf(name, options)),
  fortySegments(),
];

/** Forty lesions of one voxel to a few hundred, one on every slice of the stack. */
function fortySegments(): Case {
  const ct = syntheticCt({ slices: 40, columns: 32, rows: 32 });
  const series = ctSeries(ct);
  const regions = Array.from({ length: 40 }, (_, n) => ({
    label: n + 1,
    inside: ball(series, [(n * 11) % 32, (n * 5) % 32, n], n % 3),
  }));
  return {
    name: 'forty segments',
    ct,
    series,
    labelmap: labelmapOf(series, regions),
    lesions: regions.map(({ label }) => lesion(label, { label: `lesion ${label}` })),
  };
}
