/** One case of the collection: its CT and the vertebrae of its SEG, as crops. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, vertebralBodies, type VertebraLevel } from '@spine/core';
import { ctSeries, ctVolume, type NaturalizedInstance, readVertebrae, storedPixels, text } from '@spine/dicom';
import { CommandError } from '@spine/headless/cli';
import { chooseSeries, readFolder } from '@spine/headless/dicomFiles';
import { type VertebraCrop, vertebraCrop } from '../vertebrae/crop';

export interface CaseVertebrae {
  readonly patientId: string;
  readonly sliceThicknessMm: number;
  /** One is expected; of several, the one that the segmentation was drawn on is used. */
  readonly ctSeries: number;
  readonly vertebrae: readonly { readonly level: VertebraLevel; readonly crop: VertebraCrop }[];
  /** Segments that gave no crop, and why. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/** The folders of the cases, by name, below the collection's own folder or what holds it. @throws CommandError 'folder' */
export function caseFolders(path: string): Map<string, string> {
  const nested = join(path, 'Spine-Mets-CT-SEG');
  const root = existsSync(nested) ? nested : path;
  if (!existsSync(root)) throw new CommandError('folder', `${path}: no such folder`);
  const folders = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isDirectory());
  if (!folders.length) throw new CommandError('folder', `${root}: it has no folders; expected one for each case`);
  return new Map(folders.map(({ name }) => [name, join(root, name)]));
}

/** @throws InputError or CommandError with what makes the case unusable */
export function readCase(folder: string): CaseVertebrae {
  const read = readFolder(folder);
  const { instances } = read;
  const ofModality = (modality: string) => instances.filter(instance => text(instance, 'Modality') === modality);
  const segs = ofModality('SEG');
  if (segs.length !== 1) throw new CommandError('case', `${segs.length} segmentations; one is expected`);
  if (!ofModality('CT').length) throw new CommandError('case', 'no CT images');
  const series = ctSeries(chooseSeries(read, 'CT', { series: referencedSeries(segs[0], ofModality('CT')) }).instances);
  const volume = ctVolume(series, storedPixels);
  const { labelmap, vertebrae, unused } = readVertebrae(segs[0], series);
  const { bodies, failures } = vertebralBodies(labelmap, vertebrae);
  const leftOut = unused.map(({ name, reason }) => ({ name, why: `segment not used: ${reason}` }));
  const crops: { level: VertebraLevel; crop: VertebraCrop }[] = [];
  for (const { label, level } of vertebrae) {
    const failed = failures.find(failure => failure.label === label);
    try {
      if (failed) throw new CommandError('case', `its body cannot be told from its arch (${failed.reason.code})`);
      crops.push({ level, crop: vertebraCrop(volume, bodies, label) });
    } catch (error) {
      if (!(error instanceof InputError || error instanceof CommandError)) throw error;
      leftOut.push({ name: level, why: error.message });
    }
  }
  const { indexToLps } = volume;
  const sliceThicknessMm = Math.hypot(indexToLps[2], indexToLps[6], indexToLps[10]);
  return {
    patientId: text(segs[0], 'PatientID'),
    ctSeries: new Set(ofModality('CT').map(instance => text(instance, 'SeriesInstanceUID'))).size,
    sliceThicknessMm: Math.round(100 * sliceThicknessMm) / 100,
    vertebrae: crops,
    leftOut,
  };
}

/** The CT series that the SEG was drawn on, when there are several. */
function referencedSeries(seg: NaturalizedInstance, ct: readonly NaturalizedInstance[]): string | undefined {
  const uids = new Set(ct.map(instance => text(instance, 'SeriesInstanceUID')));
  const references = [seg.ReferencedSeriesSequence].flat() as (NaturalizedInstance | undefined)[];
  const referenced = references
    .map(item => item && text(item, 'SeriesInstanceUID'))
    .filter(uid => uid && uids.has(uid));
  return uids.size > 1 ? referenced[0] : undefined;
}
