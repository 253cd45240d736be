/** DICOM files of a folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import { decodeFile, type NaturalizedInstance, text } from '@spine/dicom';

/** Every regular file at or below the path. @throws InputError 'not-readable' */
export function filesBelow(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw new InputError(
      'not-readable',
      { reason: error instanceof Error ? error.message : String(error) },
      { file: path }
    );
  }
}

/** Whether the file has the part-10 preamble. */
function isDicom(bytes: Buffer): boolean {
  return bytes.length > 132 && bytes.toString('latin1', 128, 132) === 'DICM';
}

/** The DICOM objects at or below the path; files that are no DICOM are left aside. @throws InputError 'no-dicom' */
export function readDicom(path: string): NaturalizedInstance[] {
  const instances: NaturalizedInstance[] = [];
  for (const file of filesBelow(path)) {
    const bytes = readFileSync(file);
    if (!isDicom(bytes)) continue;
    try {
      instances.push(
        decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer)
      );
    } catch (error) {
      if (error instanceof InputError) throw error.in(file);
      throw error;
    }
  }
  if (instances.length === 0) throw new InputError('no-dicom', {}, { file: path });
  return instances;
}

/**
 * The instances of one series of a modality.
 * @param seriesUid which, when there are several
 * @throws InputError 'no-series', 'several-series'; without any instance of the modality all are returned, so that the
 *   caller's own check can name what they are
 */
export function chooseSeries(
  instances: readonly NaturalizedInstance[],
  modality: string,
  seriesUid?: string
): NaturalizedInstance[] {
  const ofModality = instances.filter(instance => text(instance, 'Modality') === modality);
  if (ofModality.length === 0) return [...instances];
  const bySeries = new Map<string, NaturalizedInstance[]>();
  for (const instance of ofModality) {
    const uid = text(instance, 'SeriesInstanceUID');
    bySeries.set(uid, [...(bySeries.get(uid) ?? []), instance]);
  }
  const listed = [...bySeries].map(([uid, list]) => `${uid} (${list.length}, ${text(list[0], 'SeriesDescription')})`);
  if (seriesUid) {
    const chosen = bySeries.get(seriesUid);
    if (chosen) return chosen;
    throw new InputError('no-series', { modality, series: seriesUid, found: listed });
  }
  if (bySeries.size > 1) {
    throw new InputError('several-series', { modality, found: listed });
  }
  return ofModality;
}
