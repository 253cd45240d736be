/** A small study whose saved result holds regions to decide on, made by the panel's own session on a scripted analysis. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { candidate, scriptedEngine, square } from '@spine/core/testing/study';
import { encodeDataset, text } from '@spine/dicom';

import { analysed, open, settled, until } from '../../session/support/panelDriver';
import { CT, ctSet, memoryPorts, segSet, vertebraSeg } from '../../session/support/panelPorts';
import { encodedAgain } from './datasets';

/** Levels with regions in the saved result. */
export const ANALYSED = ['T11', 'T12'] as const;
export const REVIEWED_STUDY = text(CT[0], 'StudyInstanceUID');

/** One slice of each vertebra was searched. @returns the folder of the CT */
export async function writeReviewedStudy(folder: string): Promise<string> {
  return write(folder, await analysed());
}

/** All slices of T11 were searched: a lytic and a blastic lesion, which touch, of several slices each. @returns the folder of the CT */
export async function writeSlicedStudy(folder: string): Promise<string> {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  world.world.engine = scriptedEngine([
    candidate(0, 'lytic', square(3, -3), 0.9),
    candidate(1, 'blastic', square(3, 4), 0.7),
  ]);
  const opened = await open(world);
  opened.controller.actions.setSettings({ slices: 'all' });
  opened.controller.actions.analyse([2]);
  await settled(opened.controller);
  return write(folder, opened);
}

async function write(folder: string, { controller, world }: Awaited<ReturnType<typeof open>>): Promise<string> {
  const ct = join(folder, 'ct');
  mkdirSync(ct, { recursive: true });
  const put = (path: string, file: ArrayBuffer | Uint8Array) =>
    writeFileSync(path, file instanceof Uint8Array ? file : new Uint8Array(file));
  CT.forEach((slice, k) => put(join(ct, `${k}.dcm`), encodeDataset(slice)));
  put(join(folder, 'vertebrae.dcm'), encodedAgain(vertebraSeg()));
  controller.actions.save();
  await until(controller, ({ lesions }) => lesions?.saving.status === 'saved');
  put(join(folder, 'lesions.dcm'), world.archive[0]);
  await controller.dispose();
  return ct;
}
