/** Reviewed studies as a table of vertebrae: crops, labels and the readers' regions, without a name in them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, vertebralBodies } from '@spine/core';
import {
  type CtSeries,
  ctSeries,
  ctVolume,
  isResultSeg,
  type NaturalizedInstance,
  readVertebrae,
  storedPixels,
  text,
  type VertebraMasks,
} from '@spine/dicom';
import { CommandError } from '@spine/headless/cli';
import { truthCrop, vertebraCrop, writeCrop } from '../vertebrae/crop';
import { splitPatients } from '../vertebrae/split';
import { type TableRow, writeTable, writeVertebra } from '../vertebrae/table';
import { openPseudonyms, type Pseudonyms } from './pseudonyms';
import { agreedLabels, type Deeds, deeds, type Reading, readings } from './readings';
import type { StudySource } from './sources/batch';

/** Shares of what readers did with a model's candidates; holds no name. */
export interface ReadingCounts extends Pick<Deeds, 'model' | 'accepted' | 'rejected' | 'drawn'> {
  /** Year and month. */
  readonly month: string;
}

export interface Collection {
  readonly vertebrae: readonly TableRow[];
  readonly leftOut: readonly { readonly patient: string; readonly vertebra?: string; readonly why: string }[];
  readonly readings: readonly ReadingCounts[];
}

type Open = Omit<TableRow, 'split'>;

/**
 * Writes images, masks, truth, manifest.csv and collection.json into `out`; key and names into `out/private`. What an earlier
 * collection wrote there is replaced.
 * @throws CommandError 'collect' when no reviewed vertebra is found
 */
export async function collect(
  source: StudySource,
  out: string,
  seed: number,
  onBatch: (done: number, total: number) => void = () => {}
): Promise<Collection> {
  // The crops are images of patients: for their owner alone.
  mkdirSync(out, { recursive: true, mode: 0o700 });
  for (const name of ['images', 'masks', 'truth']) rmSync(join(out, name), { recursive: true, force: true });
  const names = openPseudonyms(out);
  const found: Found = { rows: [], leftOut: [], counts: [] };
  for await (const batch of source.batches(onBatch)) {
    if (!('instances' in batch)) {
      found.leftOut.push({ patient: batch.name, why: batch.why });
      continue;
    }
    for (const study of grouped(batch.instances, 'StudyInstanceUID')) addStudy(study, names, out, found);
  }
  const { rows, leftOut } = found;
  if (!rows.length) {
    const why = leftOut.slice(0, 3).map(entry => entry.why);
    throw new CommandError(
      'collect',
      `${source.name}: no vertebra whose review was completed and saved${why.length ? ` (${why.join('; ')})` : ''}`
    );
  }
  const splits = splitPatients(strata(rows), seed, names.splits);
  names.keep(splits);
  const collection = {
    vertebrae: rows.map(row => ({ ...row, split: splits.get(row.patient)! })),
    leftOut,
    readings: found.counts,
  };
  writeTable(out, collection.vertebrae, { truth: true });
  writeFileSync(join(out, 'collection.json'), `${JSON.stringify(collection, null, 1)}\n`);
  return collection;
}

export interface ArchiveReadings {
  readonly readings: readonly ReadingCounts[];
  /** Studies or folders that could not be read, and why; nothing of a patient is in it. */
  readonly unread: readonly { readonly name: string; readonly why: string }[];
}

/** What readers did with candidates, for the drift page: no image is fetched, nothing is written. */
export async function readingCounts(
  source: StudySource,
  onBatch: (done: number, total: number) => void = () => {}
): Promise<ArchiveReadings> {
  const readings: ReadingCounts[] = [];
  const unread: { name: string; why: string }[] = [];
  for await (const batch of source.batches(onBatch, { images: false })) {
    if ('instances' in batch) readings.push(...deeds(batch.instances.filter(isSeg)).map(countsOf));
    else unread.push({ name: batch.name, why: batch.why });
  }
  return { readings, unread };
}

const countsOf = ({ model, accepted, rejected, drawn, savedAt }: Deeds): ReadingCounts => ({
  model,
  accepted,
  rejected,
  drawn,
  month: `${savedAt.slice(0, 4)}-${savedAt.slice(4, 6)}`,
});
const isSeg = (instance: NaturalizedInstance) => text(instance, 'Modality') === 'SEG';

function grouped(instances: readonly NaturalizedInstance[], keyword: string): NaturalizedInstance[][] {
  const groups = new Map<string, NaturalizedInstance[]>();
  for (const instance of instances) {
    const uid = text(instance, keyword);
    groups.set(uid, [...(groups.get(uid) ?? []), instance]);
  }
  return [...groups.values()];
}

interface Found {
  readonly rows: Open[];
  readonly leftOut: Collection['leftOut'][number][];
  readonly counts: ReadingCounts[];
}

function addStudy(study: readonly NaturalizedInstance[], names: Pseudonyms, out: string, found: Found): void {
  // An archive lists objects in any order; of equals the same one is taken each time.
  const sop = (instance: NaturalizedInstance) => text(instance, 'SOPInstanceUID');
  const segs = study.filter(isSeg).sort((a, b) => (sop(a) < sop(b) ? -1 : 1));
  if (!segs.some(isResultSeg)) return;
  const [first] = study;
  const patient = names.patient(`${text(first, 'PatientID')}|${text(first, 'IssuerOfPatientID')}`);
  const leave = (why: string, vertebra?: string) => found.leftOut.push({ patient, vertebra, why });
  const problems: string[] = [];
  for (const ct of grouped(
    study.filter(instance => text(instance, 'Modality') === 'CT'),
    'SeriesInstanceUID'
  )) {
    const uid = text(ct[0], 'SeriesInstanceUID');
    const own = segs.filter(seg => refersTo(seg, uid));
    if (!own.some(isResultSeg)) continue;
    try {
      const series = ctSeries(ct);
      const all = readings(own, series, problems);
      found.counts.push(...all.map(countsOf));
      if (all.length)
        addVertebrae(series, own, all, `${patient}_${names.study(uid)}`, patient, out, { ...found, leave });
    } catch (error) {
      if (!(error instanceof InputError || error instanceof CommandError)) throw error;
      // The text of an error may hold a UID; its code never does.
      leave(`its CT or masks cannot be used: ${error.code}`);
    }
  }
  problems.forEach(problem => leave(problem));
}

function refersTo(seg: NaturalizedInstance, seriesUid: string): boolean {
  const references = [seg.ReferencedSeriesSequence].flat() as (NaturalizedInstance | undefined)[];
  return references.some(item => item && text(item, 'SeriesInstanceUID') === seriesUid);
}

function addVertebrae(
  series: CtSeries,
  segs: readonly NaturalizedInstance[],
  all: readonly Reading[],
  prefix: string,
  patient: string,
  out: string,
  { rows, leave }: Found & { readonly leave: (why: string, vertebra?: string) => void }
): void {
  const { agreed, leftOut } = agreedLabels(all);
  for (const { level, why } of leftOut) leave(why, level);
  if (!agreed.length) return;
  const volume = ctVolume(series, storedPixels);
  const masks = masksOf(segs, series);
  const { bodies, failures } = vertebralBodies(masks.labelmap, masks.vertebrae);
  const { indexToLps } = volume;
  const thickness = Math.hypot(indexToLps[2], indexToLps[6], indexToLps[10]);
  for (const { level, malignant, kinds, reading } of agreed) {
    const mask = masks.vertebrae.find(one => one.level === level);
    if (!mask || failures.some(({ label }) => label === mask.label)) {
      leave(mask ? 'its body cannot be told from its arch' : 'there is no mask of it', level);
      continue;
    }
    try {
      const crop = vertebraCrop(volume, bodies, mask.label);
      const id = `${prefix}_${level}`;
      writeVertebra(out, id, crop);
      const ofKind = (kind: string) => {
        const indices = new Set(
          // Whoever says "no metastasis" has not taken the regions for one.
          malignant
            ? reading.content.segments.filter(one => one.level === level && one.kind === kind).map(({ index }) => index)
            : []
        );
        const { labelmap } = reading.content;
        return { ...labelmap, labels: labelmap.labels.map(voxel => (indices.has(voxel) ? 1 : 0)) };
      };
      mkdirSync(join(out, 'truth'), { recursive: true });
      const truth = truthCrop(volume, bodies, mask.label, { 1: ofKind('lytic'), 2: ofKind('blastic') });
      writeCrop(join(out, `truth/${id}.nii.gz`), truth, crop);
      rows.push({
        id,
        malignant,
        patient,
        level,
        kinds,
        flags: [],
        source: 'reviewed',
        sliceThicknessMm: Math.round(100 * thickness) / 100,
      });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      leave(error.code, level);
    }
  }
}

/** Masks of the most vertebrae: a result without lesions and the saved bodies hold some, the study's own segmentation others. */
function masksOf(segs: readonly NaturalizedInstance[], series: CtSeries): VertebraMasks {
  let best: VertebraMasks | undefined;
  for (const seg of segs) {
    try {
      const masks = readVertebrae(seg, series);
      const named = new Set(masks.vertebrae.map(({ level }) => level)).size === masks.vertebrae.length;
      if (named && (!best || masks.vertebrae.length > best.vertebrae.length)) best = masks;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  if (!best) throw new CommandError('no-masks', 'no vertebra masks');
  return best;
}

function strata(rows: readonly Open[]) {
  const malignant = new Map<string, boolean>();
  for (const row of rows) malignant.set(row.patient, (malignant.get(row.patient) ?? false) || row.malignant);
  return [...malignant].map(([patient, ill]) => ({ patient, stratum: ill ? 'metastasis' : 'none' }));
}
