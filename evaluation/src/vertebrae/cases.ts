/** Vertebral bodies with known masks: real CT of the shared folder, and phantoms that nothing was tuned on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Affine, type Labelmap, type Vec3, type Volume } from '@spine/core';
import { generateDemoVolume, makeSyntheticSample, planSynthetic, type Sample } from '@spine/phantoms';
import { readNiftiLabelmap, readNiftiVolume } from '@spine/headless/nifti';
import { readCt } from '@spine/headless/studySource';

/** One CT with the masks of one or more bodies. */
export interface MaskedCt {
  readonly id: string;
  readonly volume: Volume;
  /** Bodies only; the label names the body. */
  readonly bodies: Labelmap;
  readonly names: ReadonlyMap<number, string>;
  /** Labels of bodies wholly inside the CT. */
  readonly labels: readonly number[];
}

/** A CT whose body centres are known, LPS mm from head to pelvis. */
export interface CentredCt {
  readonly id: string;
  readonly volume: Volume;
  readonly centres: readonly { readonly id: string; readonly lps: Vec3 }[];
}

/** Phantoms of the benchmark's test split with this seed. */
const PHANTOM_SEED = 20261;
const CROP_SPACING_MM = [0.8, 0.675, 0.8] as const;

/** The folder of real CT, or undefined when it is not there. */
export function sharedCt(): string | undefined {
  const folder = join(process.env.SPINE_SHARED ?? join(__dirname, '../../../../shared'), 'ct');
  return existsSync(folder) ? folder : undefined;
}

/** Whole lumbar bodies L1..L5, 3 mm voxels. */
export async function totalSegmentatorExample(folder: string): Promise<MaskedCt> {
  const at = join(folder, 'totalsegmentator-example');
  const volume = await readNiftiVolume(join(at, 'ct.nii.gz'));
  const labelmap = await readNiftiLabelmap(join(at, 'vertebrae.nii.gz'));
  const body = await readNiftiLabelmap(join(at, 'vertebral-bodies.nii.gz'));
  const labels = labelmap.labels.map((label, n) => (body.labels[n] === 1 ? label : 0));
  const names = new Map([31, 30, 29, 28, 27].map((label, n) => [label, `L${n + 1}`]));
  return { id: 'totalsegmentator-example', volume, bodies: { ...labelmap, labels }, names, labels: [...names.keys()] };
}

/** One noisy L3 in a small field of view. */
export async function tptboxL3(folder: string): Promise<MaskedCt> {
  const at = join(folder, 'tptbox-l3');
  const volume = await readNiftiVolume(join(at, 'ct.nii.gz'));
  const labelmap = await readNiftiLabelmap(join(at, 'vertebrae.nii.gz'));
  const parts = await readNiftiLabelmap(join(at, 'subregions.nii.gz'));
  const labels = labelmap.labels.map((label, n) => (label === 22 && parts.labels[n] >= 49 ? 22 : 0));
  return { id: 'tptbox-l3', volume, bodies: { ...labelmap, labels }, names: new Map([[22, 'L3']]), labels: [22] };
}

/** T10 with blastic foci. The header's sform is wrong: the axes run to posterior, inferior and left. */
export async function hideAndSeekT10(folder: string): Promise<MaskedCt> {
  const at = join(folder, 'hide-and-seek-t10');
  const ct = await readNiftiVolume(join(at, 'ct.nii.gz'));
  const body = await readNiftiLabelmap(join(at, 'body.nii.gz'));
  const indexToLps = cropAffine([0, 0, 0]);
  const hu = Float32Array.from(ct.hu, value => value * 2000 - 1000);
  return {
    id: 'hide-and-seek-t10',
    volume: { hu, dims: ct.dims, indexToLps },
    bodies: { labels: body.labels, dims: body.dims, indexToLps },
    names: new Map([[1, 'T10']]),
    labels: [1],
  };
}

/** The demo study: T11 to L3 in a whole torso. */
export function demoPhantom(): MaskedCt {
  const { volume, bodies, levels } = generateDemoVolume();
  const names = new Map(levels.map(({ label, level }) => [label, level]));
  return { id: 'demo-phantom', volume, bodies, names, labels: levels.map(({ label }) => label) };
}

/** Phantoms beyond those asked for are drawn from so many for large lesions. */
const MOST_PHANTOMS = 1000;

export interface PhantomCrop extends MaskedCt {
  /** One of those asked for; the ones after them all have lesions. */
  readonly first: boolean;
  readonly lesionShare: number;
  readonly sliceThicknessMm: number;
}

/** Crops of the phantom benchmark, one body each; `lesionShare` is the part of the body that is lesion. */
export function* phantomCrops(count: number): Generator<PhantomCrop> {
  let made = 0;
  for (const patient of planSynthetic(PHANTOM_SEED, 'test', MOST_PHANTOMS)) {
    for (let n = 0; n < patient.levels.length; n++) {
      const first = made++ < count;
      if (!first && !patient.levels[n].malignant) continue;
      const sample = makeSyntheticSample(patient, n);
      const { sliceThicknessMm } = sample;
      yield { ...phantomCrop(sample), first, lesionShare: lesionShare(sample), sliceThicknessMm };
    }
  }
}

function phantomCrop({ patient, level, hu, body, geometry }: Sample): MaskedCt {
  const dims = [64, 64, geometry.slices] as const;
  const indexToLps = cropAffine([0, 0, 0]);
  const bodies: Labelmap = { labels: body, dims, indexToLps };
  return {
    id: `${patient}-${level}`,
    volume: { hu, dims, indexToLps },
    bodies,
    names: new Map([[1, level]]),
    labels: [1],
  };
}

function lesionShare({ body, truth }: Sample): number {
  let [inside, lesion] = [0, 0];
  for (let n = 0; n < body.length; n++) {
    inside += body[n];
    if (truth[n] > 0) lesion++;
  }
  return lesion / inside;
}

/** Crops store rows to posterior, columns to inferior, slices to the left. */
function cropAffine([x, y, z]: Vec3): Affine {
  const [ap, si, lr] = CROP_SPACING_MM;
  return Float64Array.from([...[0, 0, lr, x], ...[ap, 0, 0, y], ...[0, -si, 0, z], ...[0, 0, 0, 1]]);
}

/** Thirteen thoracic bodies whose centres were read off by eye. */
export async function lidc0314(folder: string): Promise<CentredCt> {
  const { volume } = await readCt(join(folder, 'lidc-0314'));
  const file = JSON.parse(readFileSync(join(folder, 'lidc-0314-centres.json'), 'utf8')) as {
    centres: { id: string; lps: [number, number, number] }[];
  };
  return { id: 'lidc-0314', volume, centres: file.centres };
}

/** 5 mm slices, no masks. */
export async function crlm1006(folder: string): Promise<CentredCt> {
  const { volume } = await readCt(join(folder, 'crlm-1006'));
  return { id: 'crlm-1006', volume, centres: [] };
}
