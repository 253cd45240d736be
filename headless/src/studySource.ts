/** Reads what an analysis needs, a CT and vertebra masks, from DICOM or NIfTI. */
import {
  checkVolume,
  detectLabelScheme,
  InputError,
  type Labelmap,
  labelExtents,
  levelFromLabel,
  levelOrder,
  type LabelScheme,
  type LocatedVertebrae,
  type VertebraMaskRegion,
  type VertebraTarget,
  type Volume,
} from '@spine/core';
import {
  type CtSeries,
  ctSeries,
  ctVolume,
  type NaturalizedInstance,
  readVertebrae,
  storedPixels,
  type UnusedReason,
} from '@spine/dicom';
import { ctInstances } from './ctDicom';
import { chooseSeries, readDicom } from './dicomFiles';
import { axialVolume, labelsOnGrid } from './grids';
import { isNiftiPath, readNiftiLabelmap, readNiftiVolume } from './nifti';

export interface CtSource {
  readonly volume: Volume;
  readonly series: CtSeries;
  /** The CT as written for a NIfTI input; empty when the CT came as DICOM. */
  readonly converted: readonly NaturalizedInstance[];
  /** The grid of the NIfTI input, for results in its own voxel order. */
  readonly niftiGrid?: Pick<Volume, 'dims' | 'indexToLps'>;
}

const UNUSED: Readonly<Record<UnusedReason, string>> = {
  'not-recognised': 'not recognised as a vertebra',
  'body-used': 'the body mask of the same level is used',
  empty: 'the mask is empty',
};

export type VertebraChoice = VertebraTarget & VertebraMaskRegion;

export interface VertebraSource {
  /** On the CT's grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis. */
  readonly vertebrae: readonly VertebraChoice[];
  /** Masks that are left out, in words. */
  readonly unused: readonly string[];
  /** Of masks found in the CT itself: places along the spine without one. */
  readonly notFound?: LocatedVertebrae['leftOut'];
}

/** @throws InputError what the DICOM and NIfTI readers throw, and `checkVolume` */
export async function readCt(path: string, seriesUid?: string): Promise<CtSource> {
  if (!isNiftiPath(path)) {
    const series = ctSeries(chooseSeries(readDicom(path), 'CT', seriesUid));
    const volume = ctVolume(series, storedPixels);
    checkVolume(volume);
    return { volume, series, converted: [] };
  }
  const original = await readNiftiVolume(path);
  checkVolume(original);
  const volume = axialVolume(original);
  const converted = ctInstances(volume, {
    patientName: 'Anonymous^NIfTI',
    patientId: 'NIfTI',
    seriesDescription: 'CT converted from NIfTI',
  });
  return { volume, series: ctSeries(converted), converted, niftiGrid: original };
}

/**
 * @param labelScheme of a NIfTI labelmap; recognised when not given
 * @throws InputError 'empty-mask', 'grid-mismatch', 'ambiguous-labels', 'unknown-label', and what `readVertebrae` throws
 */
export async function readVertebraMasks(
  path: string,
  ct: CtSource,
  labelScheme?: LabelScheme
): Promise<VertebraSource> {
  if (isNiftiPath(path)) return fromNifti(path, ct.volume, labelScheme);
  const segs = chooseSeries(readDicom(path), 'SEG');
  if (segs.length > 1) {
    throw new InputError('several-segs', { count: segs.length }, { file: path });
  }
  const { labelmap, vertebrae, unused } = readVertebrae(segs[0], ct.series);
  return { labelmap, vertebrae, unused: unused.map(({ name, reason }) => `${name}: ${UNUSED[reason]}`) };
}

async function fromNifti(path: string, volume: Volume, labelScheme?: LabelScheme): Promise<VertebraSource> {
  const labelmap = labelsOnGrid(await readNiftiLabelmap(path), volume);
  const extents = [...labelExtents(labelmap).values()];
  if (extents.length === 0) {
    throw new InputError('empty-mask', { mask: path });
  }
  const scheme = labelScheme ?? detectLabelScheme(extents);
  const vertebrae: VertebraChoice[] = [];
  const unused: string[] = [];
  for (const { label } of extents) {
    const level = levelFromLabel(label, scheme);
    if (level) vertebrae.push({ label, level, region: 'vertebra' });
    else unused.push(`label ${label}: no single vertebra in the ${scheme} scheme`);
  }
  vertebrae.sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
  return { labelmap, vertebrae, unused };
}
