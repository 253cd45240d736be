/** Reads what an analysis needs, a CT and vertebra masks, from DICOM or NIfTI. */
import {
  checkMasks,
  checkVolume,
  hounsfieldRange,
  InputError,
  labelExtents,
  type LabelScheme,
  type Volume,
} from '@spine/core';
import {
  type CtSeries,
  ctSeries,
  ctVolume,
  items,
  type NaturalizedInstance,
  overlapNotes,
  readVertebrae,
  storedPixels,
  text,
  type UnusedReason,
} from '@spine/dicom';
import { decompressed } from './codecs';
import { ctInstances } from './ctDicom';
import { chooseSeries, naming, readFolder, type SeriesChoice } from './dicomFiles';
import { axialVolume } from './grids';
import { isNiftiPath, readNiftiVolume } from './nifti';
import { masksOfFile, masksOfFolder, vertebraFiles } from './niftiMasks';
import type { VertebraSource } from './vertebraSource';

export interface CtSource {
  readonly volume: Volume;
  readonly series: CtSeries;
  /** The CT as written for a NIfTI input; empty when the CT came as DICOM. */
  readonly converted: readonly NaturalizedInstance[];
  /** The grid of the NIfTI input, for results in its own voxel order. */
  readonly niftiGrid?: Pick<Volume, 'dims' | 'indexToLps'>;
  /** What is doubtful, in words. */
  readonly notes: readonly string[];
  /** What lies beside the CT and was not read, and why, in words. */
  readonly passedOver: readonly string[];
}

const UNUSED: Readonly<Record<UnusedReason, string>> = {
  'not-recognised': 'not recognised as a vertebra',
  'body-used': 'the body mask of the same level is used',
  empty: 'the mask is empty',
};

/**
 * @param choice which series of a folder that holds several
 * @param say told what was passed over, also where the CT is refused then
 * @throws InputError what the DICOM and NIfTI readers throw, and `checkVolume`
 */
export function readCt(path: string, choice: SeriesChoice = {}, say?: Say): Promise<CtSource> {
  return naming(path, () => (isNiftiPath(path) ? readNiftiCt(path) : readDicomCt(path, choice, say)));
}

/** Told what is passed over as soon as it is: it may be why the rest is refused. */
type Say = (passedOver: string) => void;

async function readNiftiCt(path: string): Promise<CtSource> {
  const original = await readNiftiVolume(path);
  checkVolume(original);
  const volume = axialVolume(original);
  const converted = ctInstances(volume, {
    patientName: 'Anonymous^NIfTI',
    patientId: 'NIfTI',
    seriesDescription: 'CT converted from NIfTI',
  });
  const notes = hounsfieldNotes(volume, path);
  return { volume, series: ctSeries(converted), converted, niftiGrid: original, notes, passedOver: [] };
}

async function readDicomCt(path: string, choice: SeriesChoice, say: Say = () => undefined): Promise<CtSource> {
  const { instances, passedOver } = chooseSeries(readFolder(path), 'CT', choice);
  passedOver.forEach(say);
  const series = ctSeries(await Promise.all(instances.map(decompressed)));
  const volume = ctVolume(series, storedPixels);
  checkVolume(volume);
  hounsfieldRange(volume);
  const beside = series.passedOver.map(({ object, reason }) => `${object}: ${NO_SLICE[reason] ?? reason}`);
  beside.forEach(say);
  return { volume, series, converted: [], notes: lossyNotes(series), passedOver: [...passedOver, ...beside] };
}

const NO_SLICE: Readonly<Record<string, string>> = {
  localizer: 'a localizer',
  'other-plane': 'an image in another plane than the stack',
};

function lossyNotes(series: CtSeries): string[] {
  const lossy = series.instances.filter(slice => text(slice, 'LossyImageCompression') === '01').length;
  return lossy > 0
    ? [`${lossy} of ${series.instances.length} slices were compressed with loss; fine structure may be missing`]
    : [];
}

function hounsfieldNotes(volume: Volume, file: string): string[] {
  const { lowest } = hounsfieldRange(volume);
  return lowest >= 0 ? [`${file} has no voxel below 0; check that its values are Hounsfield units`] : [];
}

/** Vertebra masks as they lie in files, before they are placed on a CT. */
export type MaskFiles =
  | { readonly seg: NaturalizedInstance; readonly passedOver: readonly string[] }
  | { readonly nifti: string }
  | { readonly folder: string; readonly files: readonly string[] };

/** @throws InputError 'several-series', 'several-segs', 'no-dicom', 'no-mask-files', and what reading throws */
export function openMasks(path: string): MaskFiles {
  if (isNiftiPath(path)) return { nifti: path };
  const files = vertebraFiles(path);
  if (files) return { folder: path, files };
  const { instances, passedOver } = chooseSeries(readFolder(path), 'SEG');
  if (instances.length > 1) throw new InputError('several-segs', { count: instances.length }, { file: path });
  return { seg: instances[0], passedOver };
}

/** SeriesInstanceUIDs of the images that masks were drawn on; [] for NIfTI. */
export const referencedSeriesOf = (masks: MaskFiles | undefined): readonly string[] =>
  masks && 'seg' in masks
    ? items(masks.seg, 'ReferencedSeriesSequence').map(one => text(one, 'SeriesInstanceUID'))
    : [];

/**
 * @param path by which messages name them
 * @param labelScheme of a NIfTI labelmap; recognised when not given
 * @throws InputError as `masksOfFile`, `masksOfFolder` and `readVertebrae`; 'level-twice', 'levels-order', 'masks-turned'
 */
export function readVertebraMasks(
  path: string,
  masks: MaskFiles,
  ct: CtSource,
  labelScheme?: LabelScheme
): Promise<VertebraSource> {
  return naming(path, () => checkedMasks(masks, ct, labelScheme));
}

async function checkedMasks(masks: MaskFiles, ct: CtSource, labelScheme?: LabelScheme): Promise<VertebraSource> {
  const source = await masksAsTheyAre(masks, ct, labelScheme);
  const doubts = checkMasks(ct.volume, source.labelmap, source.vertebrae, labelExtents(source.labelmap));
  return { ...source, notes: [...(source.notes ?? []), ...doubts.map(({ message }) => message)] };
}

async function masksAsTheyAre(masks: MaskFiles, ct: CtSource, labelScheme?: LabelScheme): Promise<VertebraSource> {
  if ('nifti' in masks) return masksOfFile(masks.nifti, ct.volume, labelScheme);
  if ('files' in masks) return masksOfFolder(masks.folder, masks.files, ct.volume);
  const { labelmap, vertebrae, unused, overlaps } = readVertebrae(masks.seg, ct.series);
  for (const { level } of vertebrae) {
    const names = vertebrae.filter(one => one.level === level).map(({ name }) => name);
    if (names.length > 1) throw new InputError('level-twice', { level, names });
  }
  return {
    labelmap,
    vertebrae,
    unused: unused.map(({ name, reason }) => `${name}: ${UNUSED[reason]}`),
    notes: overlapNotes({ vertebrae, overlaps }).map(({ message }) => message),
    passedOver: masks.passedOver,
  };
}
