import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, labelExtents, type LabelExtent, type Labelmap } from '@spine/core';
import { ctSeries, ctVolume, storedPixels } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import { readNiftiLabelmap, readNiftiVolume } from '@spine/headless/nifti';
import { z } from 'zod';
import { sampleField, type Field } from '../math/grid';
import type { Point } from '../math/pose';
import { fieldOf } from './field';
import type { Split } from '../dataset/split';
import { readRealCase, REAL_PATIENTS } from './patients';
import { boneLikeness, boneThreshold, fitBody, type BodyGuess, type FittedBody } from './fitBody';

/** A real CT with healthy vertebrae that lesions may be put into. */
export interface RealSource {
  /** Folder name. */
  readonly id: string;
  readonly patient: string;
  readonly split: Split;
  readonly ct: Field;
  readonly sliceThicknessMm: number;
  readonly vertebrae: readonly RealVertebra[];
}

export interface RealVertebra {
  /** Level where it is known, else the number in the source (V1 uppermost). */
  readonly level: string;
  readonly body: FittedBody;
  /** 1 in the body, 0 elsewhere, on a grid of its own; absent where the source has no masks and the fitted shape must do. */
  readonly mask?: Field;
}

/** Ids per split: patients never cross. */
export const REAL_SOURCES = {
  train: ['totalsegmentator-thoracic', 'lidc-0314'],
  test: ['totalsegmentator-example', 'tptbox-l3'],
} as const;

/**
 * Voxel (i, j, k) of nine bodies of totalsegmentator-thoracic in the file's own order, read off by eye; the file has no masks.
 * The uppermost of its ten is left out: it is bent and blurred too much for the fit.
 */
const THORACIC_CENTRES_INDEX: readonly Point[] = [
  [44, 96.5, 133.5],
  [44, 99, 122],
  [44, 100.5, 110],
  [44, 101, 96.5],
  [45, 101.5, 82],
  [46, 101.5, 67],
  [46, 102, 51.5],
  [45.5, 101.5, 36.5],
  [45, 98.5, 20],
];
const THORACIC_ORIGIN_LPS: Point = [-71.658, -255.658, 540.2];
const THORACIC_SPACING_MM = 1.5;
/** Discs of one or two voxels separate these bodies: the fit is held closer to what the eye saw. */
const THORACIC_SLACK = { centreMm: 1.2, heightShare: 0.07 } as const;
/** Whole and healthy bodies of totalsegmentator-example (its L1 has a sclerotic patch, its T12 is cut). */
const EXAMPLE_LEVELS: readonly (readonly [label: number, level: string])[] = [
  [30, 'L2'],
  [29, 'L3'],
  [28, 'L4'],
  [27, 'L5'],
];
/** Share of the distance between neighbouring centres that is bone. */
const BONE_SHARE = 0.82;

const centresSchema = z.object({
  centres: z.array(z.object({ id: z.string(), lps: z.tuple([z.number(), z.number(), z.number()]) })),
});

/** Reads the sources of a split from the folder of real CT. @throws InputError 'no-real-ct' naming the missing folder */
export async function readRealSources(folder: string, split: Split): Promise<RealSource[]> {
  const sources: RealSource[] = [];
  for (const id of split === 'validation' ? [] : REAL_SOURCES[split]) {
    const path = join(folder, id);
    if (!existsSync(path)) throw new InputError('no-real-ct', { path, id });
    sources.push({ id, patient: id, split, ...(await READERS[id](path)) });
  }
  return sources;
}

/**
 * Reads the axis-parallel patients of a split of the larger collection; each body is its mask, the fitted shape gives frame and sizes.
 * @throws InputError 'no-real-ct' naming the missing folder
 */
export async function readRealCollection(folder: string, split: Split): Promise<RealSource[]> {
  const sources: RealSource[] = [];
  for (const patient of REAL_PATIENTS.filter(one => one.split === split && !one.oblique)) {
    const path = join(folder, patient.id);
    if (!existsSync(path)) throw new InputError('no-real-ct', { path, id: patient.id });
    const { volume, bodies, labels } = await readRealCase(folder, patient);
    const extents = labelExtents(bodies);
    const whole = labels.filter(label => {
      const extent = extents.get(label);
      return extent && extent.min.every((low, a) => low > 0 && extent.max[a] < volume.dims[a] - 1);
    });
    const { id, sliceThicknessMm } = patient;
    const vertebrae = whole.map(label => {
      const mask = fieldOf(boxOf(bodies, label, extents.get(label)!));
      return fromMask(`${id}-${label}`, mask, TILTED_SHARE * (mask.dims[2] - 2 * BOX_MARGIN) * mask.spacing[2]);
    });
    sources.push({ id, patient: patient.patient, split, ct: fieldOf(volume), sliceThicknessMm, vertebrae });
  }
  return sources;
}

/** Height of a body against that of the box around its mask: leaning bodies reach farther. */
const TILTED_SHARE = 0.9;
/** Voxels around a body. */
const BOX_MARGIN = 2;

/** The part of a labelmap around one label, 1 where the label is. */
function boxOf({ labels, dims, indexToLps: m }: Labelmap, label: number, { min, max }: LabelExtent): Labelmap {
  const low = min.map(value => Math.max(0, value - BOX_MARGIN));
  const size = max.map((value, a) => Math.min(dims[a] - 1, value + BOX_MARGIN) - low[a] + 1) as [
    number,
    number,
    number,
  ];
  const box = new Uint16Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++)
        box[n] = labels[i + low[0] + dims[0] * (j + low[1] + dims[1] * (k + low[2]))] === label ? 1 : 0;
  const indexToLps = Float64Array.from(m);
  for (let row = 0; row < 3; row++) for (let a = 0; a < 3; a++) indexToLps[4 * row + 3] += m[4 * row + a] * low[a];
  return { labels: box, dims: size, indexToLps };
}

type Content = Pick<RealSource, 'ct' | 'sliceThicknessMm' | 'vertebrae'>;

const READERS: Readonly<Record<string, (path: string) => Promise<Content>>> = {
  'totalsegmentator-thoracic': async path => {
    const ct = fieldOf(await readNiftiVolume(join(path, 'ct.nii.gz')));
    const centres = THORACIC_CENTRES_INDEX.map(
      index => index.map((value, a) => THORACIC_ORIGIN_LPS[a] + THORACIC_SPACING_MM * value) as unknown as Point
    );
    return {
      ct,
      sliceThicknessMm: 1.5,
      vertebrae: fromCentres(
        ct,
        centres.map((lps, n) => ({ id: `V${n + 1}`, lps })),
        THORACIC_SLACK
      ),
    };
  },
  'lidc-0314': async path => {
    const series = ctSeries(readDicom(path));
    const ct = fieldOf(ctVolume(series, storedPixels));
    const listed = centresSchema.parse(JSON.parse(readFileSync(`${path}-centres.json`, 'utf8')));
    return { ct, sliceThicknessMm: 1, vertebrae: fromCentres(ct, listed.centres, { centreMm: 4, heightShare: 0.18 }) };
  },
  'totalsegmentator-example': async path => {
    const ct = fieldOf(await readNiftiVolume(join(path, 'ct.nii.gz')));
    const labels = fieldOf(await readNiftiLabelmap(join(path, 'vertebrae.nii.gz')));
    const bodies = fieldOf(await readNiftiLabelmap(join(path, 'vertebral-bodies.nii.gz')));
    const vertebrae = EXAMPLE_LEVELS.map(([label, level]) => {
      const mask = {
        ...labels,
        data: labels.data.map((value, n) => (value === label && bodies.data[n] === 1 ? 1 : 0)),
      };
      return fromMask(level, mask);
    });
    return { ct, sliceThicknessMm: 3, vertebrae };
  },
  'tptbox-l3': async path => {
    const ct = fieldOf(await readNiftiVolume(join(path, 'ct.nii.gz')));
    const labels = fieldOf(await readNiftiLabelmap(join(path, 'vertebrae.nii.gz')));
    const parts = fieldOf(await readNiftiLabelmap(join(path, 'subregions.nii.gz')));
    const mask = { ...labels, data: labels.data.map((value, n) => (value === 22 && parts.data[n] >= 49 ? 1 : 0)) };
    return { ct, sliceThicknessMm: 1.5, vertebrae: [fromMask('L3', mask)] };
  },
};

/** Fits a body around each centre; the lean follows the line of the neighbours. */
function fromCentres(
  ct: Field,
  centres: readonly { readonly id: string; readonly lps: Point }[],
  slack: BodyGuess['slack']
): RealVertebra[] {
  return centres.map(({ id, lps }, n) => {
    const above = centres[Math.max(0, n - 1)].lps;
    const below = centres[Math.min(centres.length - 1, n + 1)].lps;
    const steps = n === 0 || n === centres.length - 1 ? 1 : 2;
    const along = [0, 1, 2].map(a => above[a] - below[a]);
    const guess: BodyGuess = {
      centre: lps,
      leanDegrees: (Math.atan2(-along[1], along[2]) * 180) / Math.PI,
      heightMm: (Math.hypot(...along) / steps) * BONE_SHARE,
      slack,
    };
    const threshold = boneThreshold(ct, lps);
    return { level: id, body: fitBody(guess, (x, y, z) => boneLikeness(sampleField(ct, x, y, z), threshold)) };
  });
}

/** Fits the shape to a mask, for the frame and the sizes; the mask itself stays the body. */
function fromMask(level: string, mask: Field, heightMm = 27): RealVertebra {
  const { data, dims, origin, spacing } = mask;
  const sum = [0, 0, 0];
  let count = 0;
  for (let k = 0, n = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, n++) {
        if (data[n] === 0) continue;
        [i, j, k].forEach((value, a) => (sum[a] += value));
        count++;
      }
  const centre = [0, 1, 2].map(a => origin[a] + (sum[a] / count) * spacing[a]) as unknown as Point;
  const body = fitBody(
    { centre, leanDegrees: 0, heightMm, slack: { centreMm: 4, heightShare: 0.3 } },
    (x, y, z) => 2 * sampleField(mask, x, y, z) - 1
  );
  return { level, body, mask };
}
