import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ctSeries, decodeFile, isLesionSeg, type LesionSegContent, readLesionSeg, text } from '@spine/dicom';

import type { SlicePixels } from '../pages/lesionVoxels';

/** What a server keeps of our SEGs, decoded from its files. */
export interface StoredLesions {
  readonly content: LesionSegContent;
  /** By the SOP Instance UID of the CT slice. */
  readonly slices: Record<string, SlicePixels>;
  readonly seriesDescription: string;
}

/** @param dataFolder where the server puts what is stored @param ctFolder the CT's files */
export function storedLesions(dataFolder: string, ctFolder: string): StoredLesions[] {
  const series = ctOf(ctFolder);
  const size = series.dims[0] * series.dims[1];
  return datasets(dataFolder)
    .filter(isLesionSeg)
    .map(seg => {
      const content = readLesionSeg(seg, series);
      const slices: Record<string, SlicePixels> = {};
      content.labelmap.labels.forEach((label, at) => {
        if (label === 0) return;
        const uid = text(series.instances[Math.floor(at / size)], 'SOPInstanceUID');
        (slices[uid] ??= []).push([at % size, label]);
      });
      return { content, slices, seriesDescription: text(seg, 'SeriesDescription') };
    });
}

/** The CT in a folder. */
export const ctOf = (ctFolder: string) => ctSeries(datasets(ctFolder));

function datasets(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.dcm'))
    .map(entry => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
    });
}
