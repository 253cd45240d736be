/**
 * What can be exported, in the order shown. A new kind of file is one more entry here and its texts (`kinds` and `kindHelp` in
 * ui/strings); the panel lists whatever stands here. Files are made of a result that later edits do not touch.
 */
import {
  contoursObject,
  keyImageObjects,
  encodeDataset,
  measurementTables,
  type NaturalizedInstance,
  objectFileName,
  reportObject,
  resultFileName,
  SERIES_TITLES,
  text,
} from '../../../dicom';
import type { ExportDestination, ExportKind, ExportOffer, ExportOptions } from '../../../ui';
import type { Context } from '../context';
import { ctVolumeOf } from '../ct/volume';
import type { SeriesKind } from '../ports';
import { analysedBodies, type Result, resultToWrite } from './result';
import { lesionObject, storeLesions } from './saving';
import { bodyObject, identityOf, storeAll, storeBodies, storeObject } from './storing';

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

export interface Exporter {
  readonly section: ExportOffer['section'];
  /** Stores a series in the open study; absent for what is not DICOM. @returns its description */
  store?(context: Context, job: ExportJob): Promise<string>;
  /** What the user downloads. */
  files(context: Context, job: ExportJob): Promise<ExportedFile[]>;
}

export const exporters: Readonly<Record<ExportKind, Exporter>> = {
  lesions: {
    section: 'segmentations',
    store: async context => text((await storeLesions(context)).seg, 'SeriesDescription'),
    files: async (context, { result }) => [dicomFile(lesionObject(context, result))],
  },
  bodies: {
    section: 'segmentations',
    store: (context, { result }) => storeBodies(context, result),
    files: async (context, { result }) => [dicomFile(bodyObject(context, result))],
  },
  contours: {
    section: 'contours',
    store: (context, job) => storeSeries(context, 'contours', job, () => contours(context, job)),
    files: async (context, job) => [dicomFile(contours(context, job))],
  },
  report: {
    section: 'measurements',
    /** The segmentation that it refers to is stored before it. */
    store: async (context, job) => {
      const known = savedSeg(context, job);
      const { seg, lesions } = known ? { seg: known, lesions: job.result.lesions } : await storeLesions(context);
      const now = { ...job, result: { ...job.result, lesions } };
      return storeSeries(context, 'report', now, () => report(context, now, seg), seg);
    },
    /** Comes with its segmentation unless the archive has that. */
    files: async (context, job) => {
      const known = savedSeg(context, job);
      const seg = known ?? lesionObject(context, job.result);
      const file = dicomFile(await report(context, job, seg));
      return known ? [file] : [dicomFile(seg), file];
    },
  },
  keyImages: {
    section: 'measurements',
    store: async (context, job) => storeAll(context, 'keyImages', await pictures(context, job)),
    // One file each: their names would be the same.
    files: async (context, job) =>
      (await pictures(context, job)).map((object, n) => {
        const file = dicomFile(object);
        return { ...file, fileName: file.fileName.replace(/\.dcm$/, `-${n + 1}.dcm`) };
      }),
  },
  csv: {
    section: 'measurements',
    files: async (context, job) => [tableFile(job, 'csv', 'text/csv', (await table(context, job)).csv)],
  },
  json: {
    section: 'measurements',
    files: async (context, job) => [tableFile(job, 'json', 'application/json', (await table(context, job)).json)],
  },
};

/** As the panel lists them. */
export const exportOffers: readonly ExportOffer[] = Object.entries(exporters).map(([kind, { section, store }]) => {
  const destinations: readonly ExportDestination[] = store ? ['archive', 'download'] : ['download'];
  return { kind: kind as ExportKind, section, destinations };
});

function contours(context: Context, { result, options }: ExportJob): NaturalizedInstance {
  return contoursObject(resultToWrite(context, result), options, identityOf(context, 'contours'));
}

async function report(context: Context, job: ExportJob, seg: NaturalizedInstance): Promise<NaturalizedInstance> {
  const volume = await ctVolumeOf(context, { onProgress: job.onReading });
  return reportObject(resultToWrite(context, job.result), volume, seg, identityOf(context, 'report'));
}

async function pictures(context: Context, job: ExportJob): Promise<NaturalizedInstance[]> {
  const volume = await ctVolumeOf(context, { onProgress: job.onReading });
  return keyImageObjects(resultToWrite(context, job.result), volume, identityOf(context, 'keyImages'));
}

async function table(context: Context, job: ExportJob) {
  const volume = await ctVolumeOf(context, { onProgress: job.onReading });
  return measurementTables(resultToWrite(context, job.result), volume, savedSeg(context, job));
}

async function storeSeries(
  context: Context,
  kind: SeriesKind,
  { result, options }: ExportJob,
  make: () => NaturalizedInstance | Promise<NaturalizedInstance>,
  seg?: NaturalizedInstance
): Promise<string> {
  const bodies = analysedBodies(context.session.state);
  const same = { options, bodies: bodies?.vertebrae, seg: seg && text(seg, 'SOPInstanceUID') };
  const voxels = [result.lesions, bodies?.labelmap];
  return text(await storeObject(context, kind, { voxels, options: same }, make), 'SeriesDescription');
}

/** The stored segmentation, when the lesions are still those in it. */
function savedSeg({ session }: Context, { result }: ExportJob): NaturalizedInstance | undefined {
  const { saved } = session.state.exports;
  return saved?.lesions === result.lesions ? saved.seg : undefined;
}

const dicomFile = (dataset: NaturalizedInstance): ExportedFile => ({
  fileName: objectFileName(dataset),
  content: encodeDataset(dataset),
  mediaType: 'application/dicom',
});

const tableFile = (job: ExportJob, extension: string, mediaType: string, content: string): ExportedFile => ({
  fileName: `${resultFileName(job.result.series.instances[0], `${SERIES_TITLES.report} research use only`)}.${extension}`,
  content,
  mediaType,
});
