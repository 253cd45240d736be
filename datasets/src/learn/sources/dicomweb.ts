/** Reviewed studies of an archive: QIDO-RS for our segmentations, WADO-RS for them and the CT that they refer to. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { decompressed } from '@spine/headless/codecs';
import { readDicom } from '@spine/headless/dicomFiles';
import { ArchiveRefused, ArchiveUnavailable } from '../../../../cohort/src/archive/archive';
import { DicomwebArchive } from '../../../../cohort/src/archive/dicomweb';
import type { Batch, StudySource } from './batch';

/**
 * Each study is fetched into `out/private`, read, and removed again.
 * @throws InputError 'wrong-address'
 */
export function dicomwebSource(
  address: string,
  out: string,
  { authorization, patienceMs }: { readonly authorization?: string; readonly patienceMs?: number } = {}
): StudySource {
  const archive = new DicomwebArchive(address, { query: { ModalitiesInStudy: 'SEG' }, authorization, patienceMs });
  const into = join(out, 'private', 'fetched');
  return {
    name: archive.name,
    batches: async function* (onBatch, { images } = { images: true }) {
      try {
        const studies: { study: string; segs: string[] }[] = [];
        for await (const { study, series } of archive.studies()) {
          const segs = series.filter(({ modality }) => modality === 'SEG').map(one => one.series);
          if (segs.length) studies.push({ study, segs });
        }
        for (const [i, { study, segs }] of studies.entries()) {
          onBatch(i + 1, studies.length);
          yield* oneStudy(archive, study, segs, join(into, String(i + 1)), images, `study ${i + 1}`);
        }
      } catch (error) {
        if (!(error instanceof ArchiveUnavailable || error instanceof ArchiveRefused)) throw error;
        throw new CommandError('archive', `${withoutUids(error.message)}. The same command tries again.`);
      } finally {
        rmSync(into, { recursive: true, force: true });
      }
    },
  };
}

/** Nothing for a study whose segmentations are all of other makers. */
async function* oneStudy(
  archive: DicomwebArchive,
  study: string,
  segs: readonly string[],
  into: string,
  images: boolean,
  name: string
): AsyncIterable<Batch> {
  const ours = (await archive.existing(study)).filter(({ modality }) => modality === 'SEG');
  if (!ours.length) return;
  const cts = images ? ours.flatMap(({ referencedSeries }) => referencedSeries) : [];
  const wanted = images ? segs : ours.map(({ series }) => series);
  try {
    for (const [n, series] of [...new Set([...wanted, ...cts])].entries()) {
      await archive.fetch(study, series, join(into, String(n)));
    }
    const instances = [];
    for (const instance of readDicom(into)) instances.push(await decompressed(instance));
    yield { instances };
  } catch (error) {
    if (error instanceof ArchiveRefused) yield { name, why: 'the archive does not give all of its images' };
    else if (error instanceof InputError) yield { name, why: error.code };
    else throw error;
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

/** Messages of the archive name the study asked for. */
const withoutUids = (message: string) => message.replaceAll(/\d+(\.\d+){5,}/g, '...');
