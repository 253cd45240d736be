/** A collection laid out as Spine-Mets-CT-SEG, of computed vertebrae of simple shape, with the quirks that its users met. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Labelmap, Volume } from '@spine/core';
import { encodeDataset, type NaturalizedInstance } from '@spine/dicom';
import { demoPlan } from '@spine/phantoms';
import { ctDatasets } from '@spine/phantoms/demo/ctDatasets';
import { vertebraeSegDataset } from '@spine/phantoms/demo/segDataset';
import { randomStream } from '@spine/phantoms/math/random';
import writeExcelFile from 'write-excel-file/node';

const DIMS = [80, 88, 52] as const;
const SPACING = [1, 1, 1.5] as const;
const [CENTRE_X, CENTRE_Y] = [40, 36];
export const MINI_LEVELS = ['T12', 'L1', 'L2'];
/** Middle slice and half height in slices of each vertebra, head first. */
const MIDDLES = [40, 26, 12];
const HALF_HEIGHT = 5;
const HU = { soft: 40, marrow: 180, cortex: 600, lytic: 20, blastic: 520 };

export interface MiniCase {
  readonly id: string;
  /** Kind of the focus in each of {@link MINI_LEVELS}. */
  readonly lesions: readonly ('lytic' | 'blastic' | undefined)[];
  /** Share of the usual difference between a focus and the marrow; 1 is seen at a glance. */
  readonly contrast?: number;
  readonly patientId?: string;
  readonly quirk?: 'two-ct-series' | 'no-seg' | 'cut-file' | 'extra-segment';
}

/** Writes `<root>/Spine-Mets-CT-SEG/<Case>/<study>/<series>/*.dcm`. */
export function writeMiniCase(root: string, mini: MiniCase): void {
  const { volume, vertebrae } = miniVolume(mini);
  const plan = { ...demoPlan('baseline'), timePoint: `mini-${mini.id}` as 'baseline' };
  const patient = { PatientID: mini.patientId ?? mini.id, PatientName: `Spine-Mets^${mini.id}` };
  const slices: NaturalizedInstance[] = ctDatasets({ volume }, plan).map(slice => ({ ...slice, ...patient }));
  const study = join(root, 'Spine-Mets-CT-SEG', mini.id, `01-01-2010-NA-SPINE-${mini.id.slice(-5)}`);
  writeSeries(join(study, '3.000000-BONE-12345'), slices);
  if (mini.quirk === 'two-ct-series') {
    const scout = slices.map(slice => ({
      ...slice,
      SeriesInstanceUID: `${slice.SeriesInstanceUID}.9`,
      SOPInstanceUID: `${slice.SOPInstanceUID}.9`,
    }));
    writeSeries(join(study, '2.000000-SOFT-12345'), scout as NaturalizedInstance[]);
  }
  if (mini.quirk !== 'no-seg')
    writeSeries(join(study, '300.000000-Segmentation-12345'), [
      miniSeg(mini, volume, vertebrae, slices, plan, patient),
    ]);
  if (mini.quirk === 'cut-file') {
    const path = join(study, '3.000000-BONE-12345', '1-07.dcm');
    writeFileSync(path, readFileSync(path).subarray(0, 3000));
  }
}

export function miniSeg(
  mini: MiniCase,
  volume: Volume,
  vertebrae: Labelmap,
  slices: readonly NaturalizedInstance[],
  plan: ReturnType<typeof demoPlan>,
  patient: object
): NaturalizedInstance {
  const levels = [...MINI_LEVELS.map((level, i) => ({ label: i + 1, level }))];
  const demo = { volume, vertebrae, bodies: vertebrae, truth: vertebrae, levels };
  const dataset = { ...vertebraeSegDataset(demo, plan, slices), ...patient };
  // Named as in the collection; a code that says "vertebra" and no more.
  const vertebra = { CodeValue: '51282000', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Vertebra' };
  const segments = (dataset.SegmentSequence as NaturalizedInstance[]).map((segment, i) => ({
    ...segment,
    SegmentLabel: mini.quirk === 'extra-segment' && i === 2 ? 'Spinal cord' : `${MINI_LEVELS[i]} vertebra`,
    SegmentDescription: undefined,
    SegmentedPropertyTypeCodeSequence: [
      mini.quirk === 'extra-segment' && i === 2
        ? { ...vertebra, CodeValue: '2748008', CodeMeaning: 'Spinal cord' }
        : vertebra,
    ],
  }));
  return { ...dataset, SegmentSequence: segments };
}

/** Elliptic bodies with pedicles and a spinous process, some with a round focus. */
export function miniVolume({ id, lesions, contrast = 1 }: MiniCase): {
  volume: Volume;
  vertebrae: Labelmap;
  foci: Labelmap;
} {
  const random = randomStream(`mini ${id}`);
  const hu = new Int16Array(DIMS[0] * DIMS[1] * DIMS[2]);
  const labels = new Uint16Array(hu.length);
  /** Of each focus, the number of its level. */
  const foci = new Uint8Array(hu.length);
  const focus = MINI_LEVELS.map(() => [random.range(-6, 6), random.range(-4, 4)]);
  for (let k = 0, voxel = 0; k < DIMS[2]; k++) {
    const level = MIDDLES.findIndex(middle => Math.abs(k - middle) <= HALF_HEIGHT);
    for (let j = 0; j < DIMS[1]; j++) {
      for (let i = 0; i < DIMS[0]; i++, voxel++) {
        const [x, y] = [i - CENTRE_X, j - CENTRE_Y];
        const radius = Math.hypot(x / 19, y / 14);
        const pedicle = Math.abs(Math.abs(x) - 11) < 4 && y > 8 && y < 28;
        const process = Math.abs(x) < 15 - (y - 26) / 3 && y >= 26 && y < 40;
        hu[voxel] = HU.soft + random.normal(0, 12);
        if (level < 0 || !(radius < 1 || pedicle || process)) continue;
        labels[voxel] = level + 1;
        hu[voxel] += (radius > 0.9 ? HU.cortex : HU.marrow) - HU.soft;
        const kind = lesions[level];
        const [fx, fy] = focus[level];
        if (!kind || Math.hypot(x - fx, y - fy, 1.5 * (k - MIDDLES[level])) >= 6.5) continue;
        hu[voxel] = HU.marrow + contrast * (HU[kind] - HU.marrow) + random.normal(0, 12);
        foci[voxel] = level + 1;
      }
    }
  }
  const indexToLps = Float64Array.of(SPACING[0], 0, 0, -40, 0, SPACING[1], 0, -40, 0, 0, SPACING[2], -30, 0, 0, 0, 1);
  const grid = { dims: DIMS, indexToLps };
  return { volume: { hu, ...grid }, vertebrae: { labels, ...grid }, foci: { labels: foci, ...grid } } as never;
}

export function writeSeries(folder: string, instances: readonly NaturalizedInstance[]): void {
  mkdirSync(folder, { recursive: true });
  instances.forEach((instance, i) => {
    writeFileSync(join(folder, `1-${String(i + 1).padStart(2, '0')}.dcm`), new Uint8Array(encodeDataset(instance)));
  });
}

const HEADER = [
  'Case',
  'Age (Y)',
  'Sex',
  'Height (m)',
  'Weight (kg)',
  'BMI (kg/m^2)',
  'Primary cancer',
  'Vertebrae with Lesions',
  'Blastic',
  'Lytic',
  'Mixed',
  'Comments/Fractures',
];

export interface WorkbookRow {
  readonly id: string;
  readonly lesions?: string;
  readonly blastic?: string;
  readonly lytic?: string;
  readonly mixed?: string;
  readonly comments?: string;
}

/** The workbook, cases as the numbers that Excel makes of them. */
export async function writeWorkbook(
  path: string,
  rows: readonly WorkbookRow[],
  { sheet = 'Spine-Mets-CT-SEG', header = HEADER } = {}
): Promise<void> {
  const cell = (value: string | number | undefined) =>
    value === undefined ? null : { value, type: typeof value === 'number' ? Number : String };
  const data = [
    header.map(cell),
    ...rows.map(({ id, lesions, blastic, lytic, mixed, comments }) =>
      [Number(id), 61, 'M', 1.8, 80, 24.7, 'Prostate', lesions, blastic, lytic, mixed, comments].map(cell)
    ),
  ];
  await writeExcelFile(data as never, { sheet } as never).toFile(path);
}
