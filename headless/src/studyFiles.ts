/** Writes the results of an analysis into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Labelmap, RESEARCH_NOTICE, type StudyReport } from '@spine/core';
import { bodySeg, type BodySegInput, encodeDataset, lesionSeg, type LesionSegInput } from '@spine/dicom';
import { labelsOnGrid } from './grids';
import { encodeNiftiLabelmap } from './nifti';
import type { CtSource } from './studySource';

export interface WrittenFiles {
  readonly report: string;
  readonly nifti: string;
  /** Absent when no lesion was found: a SEG without segments is not valid. */
  readonly seg?: string;
  /** The bodies that were analysed; absent when none could be. */
  readonly bodies?: string;
  /** Folder of the CT written for a NIfTI input. */
  readonly ct?: string;
}

/** What the DICOM files of a study are made of. */
export type StudyToWrite = LesionSegInput & Pick<BodySegInput, 'bodies' | 'vertebrae'>;

/** Writes report.json, lesions.nii.gz, lesions.dcm, bodies.dcm and, for a NIfTI CT, the series that the SEGs refer to. */
export function writeStudy(out: string, ct: CtSource, report: StudyReport, seg: StudyToWrite): WrittenFiles {
  mkdirSync(out, { recursive: true });
  const files: Record<keyof WrittenFiles, string> = {
    report: join(out, 'report.json'),
    nifti: join(out, 'lesions.nii.gz'),
    seg: join(out, 'lesions.dcm'),
    bodies: join(out, 'bodies.dcm'),
    ct: join(out, 'ct'),
  };
  writeFileSync(files.report, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(files.nifti, encodeNiftiLabelmap(onInputGrid(seg.labelmap, ct), RESEARCH_NOTICE));
  const hasLesions = seg.segments.length > 0;
  if (hasLesions) writeFileSync(files.seg, new Uint8Array(encodeDataset(lesionSeg(seg))));
  const hasBodies = seg.vertebrae.length > 0;
  if (hasBodies) writeFileSync(files.bodies, new Uint8Array(encodeDataset(bodySeg(seg))));
  if (ct.converted.length > 0) {
    mkdirSync(files.ct, { recursive: true });
    ct.converted.forEach((instance, k) => {
      writeFileSync(join(files.ct, `${String(k + 1).padStart(4, '0')}.dcm`), new Uint8Array(encodeDataset(instance)));
    });
  }
  return {
    report: files.report,
    nifti: files.nifti,
    ...(hasLesions ? { seg: files.seg } : {}),
    ...(hasBodies ? { bodies: files.bodies } : {}),
    ...(ct.converted.length > 0 ? { ct: files.ct } : {}),
  };
}

function onInputGrid(labelmap: Labelmap, { niftiGrid }: CtSource): Labelmap {
  return niftiGrid ? labelsOnGrid(labelmap, niftiGrid) : labelmap;
}
