/** A small study whose saved result holds regions to decide on, made by the panel's own session on a scripted analysis. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { encodeDataset, text } from '@spine/dicom';

import { analysed, until } from '../../session/support/panelDriver';
import { CT, vertebraSeg } from '../../session/support/panelPorts';
import { encodedAgain } from './datasets';

/** Levels with regions in the saved result. */
export const ANALYSED = ['T11', 'T12'] as const;
export const REVIEWED_STUDY = text(CT[0], 'StudyInstanceUID');

/** @returns the folder of the CT */
export async function writeReviewedStudy(folder: string): Promise<string> {
  const ct = join(folder, 'ct');
  mkdirSync(ct, { recursive: true });
  const write = (path: string, file: ArrayBuffer | Uint8Array) =>
    writeFileSync(path, file instanceof Uint8Array ? file : new Uint8Array(file));
  CT.forEach((slice, k) => write(join(ct, `${k}.dcm`), encodeDataset(slice)));
  write(join(folder, 'vertebrae.dcm'), encodedAgain(vertebraSeg()));
  const { controller, world } = await analysed();
  controller.actions.save();
  await until(controller, ({ lesions }) => lesions?.saving.status === 'saved');
  write(join(folder, 'lesions.dcm'), world.archive[0]);
  await controller.dispose();
  return ct;
}
