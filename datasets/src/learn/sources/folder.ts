/** Reviewed studies exported to a folder. */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import { looksLikeDicom, peek } from '@spine/dicom';
import { CommandError } from '@spine/headless/cli';
import { decompressed } from '@spine/headless/codecs';
import { filesBelow, readDicom } from '@spine/headless/dicomFiles';
import type { Batch, StudySource } from './batch';

const STUDY = 0x0020000d;
/** Enough for the attributes up to the study's UID. */
const HEADER_BYTES = 64 * 1024;

/** @param folder a folder for each patient, study or series, or one study @throws CommandError 'collect' */
export function folderSource(folder: string): StudySource {
  if (!existsSync(folder)) throw new CommandError('collect', `${folder}: no such folder`);
  return { name: folder, batches: onBatch => batches(folder, onBatch) };
}

async function* batches(folder: string, onBatch: (done: number, total: number) => void): AsyncIterable<Batch> {
  const groups = groupsOf(folder);
  for (const [i, paths] of groups.entries()) {
    onBatch(i + 1, groups.length);
    yield await read(paths, `folder ${i + 1}`);
  }
}

async function read(paths: readonly string[], name: string): Promise<Batch> {
  try {
    const instances = [];
    for (const instance of paths.flatMap(path => readDicom(path))) instances.push(await decompressed(instance));
    return { instances };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // The text of an error may hold a path or a name; its code never does.
    return { name, why: error.code };
  }
}

/**
 * Folders to read together. An archive does not fit into memory, so that each folder is read by itself, unless several hold
 * series of one study.
 */
function groupsOf(folder: string): string[][] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const inside = entries.filter(entry => entry.isDirectory()).map(({ name }) => join(folder, name));
  if (inside.length < entries.length) return [[folder]];
  // A folder around everything.
  if (inside.length === 1) return groupsOf(inside[0]);
  const groups = new Map<string, string[]>();
  for (const path of inside.sort()) {
    const key = studyIn(path) ?? path;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()];
}

/** The study of the first DICOM file of a folder. */
function studyIn(folder: string): string | undefined {
  for (const file of filesBelow(folder)) {
    const handle = openSync(file, 'r');
    try {
      const start = Buffer.alloc(HEADER_BYTES);
      const header = start.subarray(0, readSync(handle, start, 0, HEADER_BYTES, 0));
      if (looksLikeDicom(header)) return peek(header, [STUDY]).get(STUDY);
    } finally {
      closeSync(handle);
    }
  }
  return undefined;
}
