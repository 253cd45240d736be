/** The files behind the exports, made of a result that later edits do not touch. */
import { InputError } from '../../core';
import {
  encodeDataset,
  measurementReport,
  measurementsTable,
  type NaturalizedInstance,
  rtStruct,
  SERIES_TITLES,
  text,
} from '../../dicom';
import type { ExportKind, ExportOptions } from '../../ui';
import type { Context, SeriesKind } from './context';
import { ctVolumeOf } from './ctVolume';
import { analysedBodies, analysedLevels, neededBodies, type Result } from './result';
import { lesionObject, storeLesions } from './saving';
import { bodyObject, storeBodies, storeObject, writtenWith } from './storing';

export interface ExportJob {
  readonly result: Result;
  readonly options: ExportOptions;
  onReading(done: number, total: number): void;
}

interface ExportedFile {
  readonly fileName: string;
  readonly content: ArrayBuffer | string;
  readonly mediaType: string;
}

/** Stores a series in the open study; the report's segmentation before it. @returns its description */
export async function storeSeries(context: Context, kind: ExportKind, job: ExportJob): Promise<string> {
  if (kind === 'csv' || kind === 'json') {
    throw new InputError('not-dicom', 'Tables are not DICOM; archives do not take them. Download them.');
  }
  if (kind === 'lesions') return text((await storeLesions(context)).seg, 'SeriesDescription');
  if (kind === 'bodies') return storeBodies(context, job.result);
  if (kind === 'report' && !savedSeg(context, job)) {
    const { lesions, seg } = await storeLesions(context);
    return storeWith(context, kind, { ...job, result: { ...job.result, lesions } }, seg);
  }
  return storeWith(context, kind, job, savedSeg(context, job));
}

async function storeWith(
  context: Context,
  kind: SeriesKind,
  job: ExportJob,
  seg: NaturalizedInstance | undefined
): Promise<string> {
  const { result, options } = job;
  const bodies = analysedBodies(context);
  const same = { options, bodies: bodies?.vertebrae, seg: seg && text(seg, 'SOPInstanceUID') };
  const stored = await storeObject(context, kind, { voxels: [result.lesions, bodies?.labelmap], options: same }, () =>
    makeObject(context, kind, job, seg)
  );
  return text(stored, 'SeriesDescription');
}

/** What the user downloads: the report comes with its segmentation unless the archive has that. */
export async function makeFiles(context: Context, kind: ExportKind, job: ExportJob): Promise<ExportedFile[]> {
  if (kind === 'csv' || kind === 'json') {
    const table = measurementsTable({ ...(await measurementInput(context, job)), seg: savedSeg(context, job) });
    const mediaType = kind === 'csv' ? 'text/csv' : 'application/json';
    return [
      { fileName: `${slug(`${SERIES_TITLES.report} research use only`)}.${kind}`, content: table[kind], mediaType },
    ];
  }
  if (kind !== 'report') return [dicomFile(await makeObject(context, kind, job))];
  const saved = savedSeg(context, job);
  const seg = saved ?? lesionObject(context, job.result);
  const report = dicomFile(await makeObject(context, kind, job, seg));
  return saved ? [report] : [dicomFile(seg), report];
}

async function makeObject(
  context: Context,
  kind: SeriesKind,
  job: ExportJob,
  seg?: NaturalizedInstance
): Promise<NaturalizedInstance> {
  const { lesions } = job.result;
  const shared = writtenWith(context, kind, job.result);
  switch (kind) {
    case 'lesions':
      return lesionObject(context, job.result);
    case 'bodies':
      return bodyObject(context, job.result);
    case 'contours': {
      const { toleranceMm, marginMm, clipMarginToBody, includeBodies } = job.options;
      const clip = clipMarginToBody && marginMm > 0;
      return rtStruct({
        ...{ ...shared, toleranceMm, marginMm, clipMarginToBody: clip },
        ...{ labelmap: lesions.labelmap, lesions: lesions.segments, contourBodies: includeBodies },
        ...(includeBodies || clip ? { bodies: neededBodies(context) } : {}),
      });
    }
    case 'report': {
      if (!seg) throw new Error('a report refers to a segmentation');
      return measurementReport({ ...(await measurementInput(context, job)), ...shared, seg });
    }
  }
}

async function measurementInput(context: Context, { result, onReading }: ExportJob) {
  const { series, lesions, provenance, review } = result;
  const volume = await ctVolumeOf(context, { onProgress: onReading });
  const { labelmap, segments } = lesions;
  return { ...provenance, series, volume, labelmap, lesions: segments, analysed: analysedLevels(context), review };
}

/** The stored segmentation, when the lesions are still those in it. */
function savedSeg({ session }: Context, { result }: ExportJob): NaturalizedInstance | undefined {
  return session.saved?.lesions === result.lesions ? session.saved.seg : undefined;
}

/** Named by its series, without anything of the patient. */
const dicomFile = (dataset: NaturalizedInstance): ExportedFile => ({
  fileName: `${slug(text(dataset, 'SeriesDescription'))}.dcm`,
  content: encodeDataset(dataset),
  mediaType: 'application/dicom',
});

const slug = (words: string): string => words.toLowerCase().replace(/[^a-z0-9]+/g, '-');
