/** Real vertebral bodies without known metastases, of patients that training has not seen: whatever is shown there is false. */
import { numberedLevel, type SliceChoice, voxelMillilitres } from '@spine/core';
import { readRealCase, REAL_PATIENTS, type RealPatient, type RealSplit } from '@spine/phantoms/real/patients';
import { table } from '../tables';
import { unsupportedRegions } from '../settings';
import { millilitres, type Part, probability } from './part';
import { analyseCt, type ShippedModel } from './study';

/** What the analysis made of one body. */
interface HealthyBody {
  readonly id: string;
  readonly label: number;
  readonly kernel: RealPatient['kernel'];
  readonly sliceThicknessMm: number;
  /** The largest over the slices that the model knows. */
  readonly malignancyProbability: number;
  readonly slices: number;
  readonly searchedSlices: number;
  /** Regions of single slices that would count but for the screening network; 0 of a model without one. */
  readonly unsupportedRegions: number;
  /** Lesion segments, one a kind at most, and their volume. */
  readonly falseSegments: number;
  readonly falseMl: number;
}

/** Totals over some bodies; a body is suspicious when at least one of its slices is searched. */
export interface HealthyFigures {
  readonly bodies: number;
  readonly suspicious: number;
  readonly searchedSlices: number;
  readonly slices: number;
  readonly unsupportedRegions: number;
  readonly falseSegments: number;
  readonly falseMl: number;
}

const THICKNESS_BANDS: readonly [string, (mm: number) => boolean][] = [
  ['up to 1.5 mm', mm => mm <= 1.5],
  ['1.5-3 mm', mm => mm > 1.5 && mm <= 3],
  ['above 3 mm', mm => mm > 3],
];

/**
 * Every healthy body of a split's patients.
 * @param only these folders; undefined: all of the split
 */
export async function healthyPart(
  model: ShippedModel,
  folder: string,
  { split, slices, only }: { split: RealSplit; slices: SliceChoice; only?: readonly string[] }
): Promise<Part> {
  const patients = REAL_PATIENTS.filter(one => one.split === split && (only?.includes(one.id) ?? true));
  const bodies: HealthyBody[] = [];
  const refused: string[] = [];
  for (const patient of patients) {
    const found = await bodiesOf(model, folder, patient, slices);
    bodies.push(...found.bodies);
    refused.push(...found.refused);
    process.stderr.write(`\n${patient.id}: ${describe(healthyFigures(found.bodies))}\n`);
  }
  const groups: [string, HealthyBody[]][] = [
    ['all', bodies],
    ...(['sharp', 'standard', 'smooth'] as const).map((kernel): [string, HealthyBody[]] => [
      `${kernel} kernel`,
      bodies.filter(body => body.kernel === kernel),
    ]),
    ...THICKNESS_BANDS.map(([name, holds]): [string, HealthyBody[]] => [
      `slices ${name}`,
      bodies.filter(body => holds(body.sliceThicknessMm)),
    ]),
    ...patients.map(({ id }): [string, HealthyBody[]] => [id, bodies.filter(body => body.id === id)]),
  ];
  const present = groups.filter(([, part]) => part.length > 0);
  return {
    json: {
      split,
      ...healthyFigures(bodies),
      groups: Object.fromEntries(present.map(([name, part]) => [name, healthyFigures(part)])),
      refused,
      each: bodies,
    },
    markdown: [
      `## Healthy bodies of real CT (${split} patients)`,
      `No metastasis is known in them; degeneration, Schmorl nodes and sclerosis are. ${describe(healthyFigures(bodies))}.`,
      ...refused.map(text => `Not analysed: ${text}`),
      table(
        [
          'Part',
          'Bodies',
          'Suspicious',
          'Slices searched',
          'Unsupported regions',
          'False segments',
          'ml',
          'ml per body',
          'Median P',
          'Largest P',
        ],
        present.map(([name, part]) => rowOf(name, part))
      ),
    ].join('\n\n'),
    sheets: {},
  };
}

async function bodiesOf(model: ShippedModel, folder: string, patient: RealPatient, slices: SliceChoice) {
  const { volume, bodies, labels } = await readRealCase(folder, patient);
  const targets = labels.map((label, n) => ({ label, level: numberedLevel(n + 1)! }));
  const { study, lesions } = await analyseCt(model, { volume, bodies, targets }, slices);
  const voxelMl = voxelMillilitres(volume.indexToLps);
  const voxels = new Map<number, number>();
  for (const index of lesions.labelmap.labels) if (index > 0) voxels.set(index, (voxels.get(index) ?? 0) + 1);
  return {
    bodies: study.analyses.map((analysis): HealthyBody => {
      const own = lesions.segments.filter(({ vertebraLabel }) => vertebraLabel === analysis.label);
      return {
        id: patient.id,
        label: analysis.label,
        kernel: patient.kernel,
        sliceThicknessMm: patient.sliceThicknessMm,
        malignancyProbability: analysis.malignancyProbability,
        slices: analysis.slices.length + analysis.screenedSlices.length,
        searchedSlices: analysis.slices.length,
        unsupportedRegions: analysis.slices.reduce(
          (sum, { attribution }) => sum + unsupportedRegions(attribution.candidates, model.method),
          0
        ),
        falseSegments: own.length,
        falseMl: own.reduce((sum, { index }) => sum + (voxels.get(index) ?? 0) * voxelMl, 0),
      };
    }),
    refused: study.failures.map(({ label, reason }) => `${patient.id} label ${label}: ${reason.code}`),
  };
}

/** Totals. */
export function healthyFigures(bodies: readonly HealthyBody[]): HealthyFigures {
  const sum = (value: (body: HealthyBody) => number) => bodies.reduce((total, body) => total + value(body), 0);
  return {
    bodies: bodies.length,
    suspicious: bodies.filter(({ searchedSlices }) => searchedSlices > 0).length,
    searchedSlices: sum(body => body.searchedSlices),
    slices: sum(body => body.slices),
    unsupportedRegions: sum(body => body.unsupportedRegions),
    falseSegments: sum(body => body.falseSegments),
    falseMl: sum(body => body.falseMl),
  };
}

function describe({ bodies, suspicious, falseSegments, falseMl }: HealthyFigures): string {
  return `${suspicious} of ${bodies} bodies suspicious, ${falseSegments} false segments, ${millilitres(falseMl)} ml`;
}

function rowOf(name: string, part: readonly HealthyBody[]): string[] {
  const figures = healthyFigures(part);
  const { bodies, suspicious, searchedSlices, slices, falseSegments, falseMl } = figures;
  const ordered = part.map(({ malignancyProbability }) => malignancyProbability).sort((a, b) => a - b);
  return [
    ...[name, String(bodies), String(suspicious), `${searchedSlices} of ${slices}`],
    ...[figures.unsupportedRegions, falseSegments].map(String),
    ...[millilitres(falseMl), millilitres(falseMl / bodies)],
    ...[probability(ordered[ordered.length >> 1]), probability(ordered[ordered.length - 1])],
  ];
}
