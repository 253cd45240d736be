import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { applyAffine, type Vec3 } from '@spine/core';
import {
  type CtSeries,
  ctSeries,
  decodeFile,
  isLesionSeg,
  type LesionSegContent,
  readLesionSeg,
  text,
} from '@spine/dicom';

import type { SlicePixels } from '../pages/lesionVoxels';

/** What a server keeps of our SEGs, decoded from its files. */
export interface StoredLesions {
  readonly content: LesionSegContent;
  /** By the SOP Instance UID of the CT slice. */
  readonly slices: Record<string, SlicePixels>;
  readonly seriesDescription: string;
  readonly type: string;
}

/** @param dataFolder where the server puts what is stored @param ctFolder the CT's files */
export function storedLesions(dataFolder: string, ctFolder: string): StoredLesions[] {
  const series = ctOf(ctFolder);
  return datasets(dataFolder)
    .filter(isLesionSeg)
    .filter(seg => text(seg, 'FrameOfReferenceUID') === series.frameOfReferenceUID)
    .map(seg => {
      const content = readLesionSeg(seg, series);
      const slices = slicesOf(content.labelmap.labels, series);
      return {
        content,
        slices,
        seriesDescription: text(seg, 'SeriesDescription'),
        type: text(seg, 'SegmentationType'),
      };
    });
}

/** Labelled pixels by the SOP Instance UID of their CT slice. @param labels on the CT grid */
export function slicesOf(labels: ArrayLike<number>, { dims, instances }: CtSeries): Record<string, SlicePixels> {
  const size = dims[0] * dims[1];
  const slices: Record<string, SlicePixels> = {};
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    const uid = text(instances[Math.floor(at / size)], 'SOPInstanceUID');
    (slices[uid] ??= []).push([at % size, labels[at]]);
  }
  return slices;
}

/** Voxels of one segment, LPS mm. @param slices as the viewer shows them */
export function lesionPlaces(slices: Record<string, SlicePixels>, segment: number, series: CtSeries): Vec3[] {
  return Object.entries(slices).flatMap(([uid, pixels]) => {
    const k = series.instances.findIndex(one => text(one, 'SOPInstanceUID') === uid);
    return pixels.flatMap(([at, label]) =>
      label === segment
        ? [applyAffine(series.indexToLps, [at % series.dims[0], Math.floor(at / series.dims[0]), k])]
        : []
    );
  });
}

/** The CT in a folder. */
export const ctOf = (ctFolder: string) => ctSeries(datasets(ctFolder));

/** Every DICOM file below a folder. */
export function datasets(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.dcm'))
    .map(entry => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    });
}
