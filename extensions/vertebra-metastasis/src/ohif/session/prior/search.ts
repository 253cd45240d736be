/** Finds earlier studies of the patient that hold one of our lesion segmentations. */
import { InputError } from '../../../core';
import { isLesionSeg, isResultSeg, item, type NaturalizedInstance, text } from '../../../dicom';
import type { QidoSeries, QidoStudy } from '../../host/host';
import type { PriorArchive } from '../../archive/priorArchive';
import { newestFirst } from '../../archive/savedAt';

/** An earlier study and its newest result. */
export interface PriorStudy {
  readonly studyInstanceUid: string;
  readonly date: string;
  readonly time: string;
  readonly description: string;
  /** Metadata of its SEG, without pixels. */
  readonly seg: NaturalizedInstance;
  /** Other SEG series of the study: vertebra masks may be among them. */
  readonly otherSegSeries: readonly string[];
}

/** What our own SEG series are called; in archives that keep no descriptions every SEG is read. */
const OUR_DESCRIPTION = /vertebral lesion/i;

/**
 * The earlier studies with a lesion SEG of ours, newest first.
 * @param ct any slice of the open CT
 * @throws InputError 'no-patient-id', 'no-query', 'query-failed'
 */
export async function findPriors(archive: PriorArchive, ct: NaturalizedInstance): Promise<readonly PriorStudy[]> {
  const patientId = text(ct, 'PatientID');
  if (!patientId) {
    throw new InputError('no-patient-id');
  }
  const now = moment(text(ct, 'StudyDate'), text(ct, 'StudyTime'));
  const earlier = (await archive.studies(patientId))
    .filter(study => study.studyInstanceUid !== text(ct, 'StudyInstanceUID'))
    .filter(study => study.date && moment(study.date, study.time) < now)
    .filter(({ modalities }) => !modalities || modalities.split(/[\\/,]/).includes('SEG'))
    .sort((a, b) => moment(b.date, b.time).localeCompare(moment(a.date, a.time)));
  const found = await Promise.all(earlier.map(study => withLesions(archive, study)));
  return found.flatMap(study => study ?? []);
}

const moment = (date = '', time = ''): string => `${date}${time.slice(0, 6).padEnd(6, '0')}`;

async function withLesions(archive: PriorArchive, study: QidoStudy): Promise<PriorStudy | undefined> {
  const { studyInstanceUid, date = '', time = '', description = '' } = study;
  const series = (await archive.series(studyInstanceUid)).filter(({ modality }) => modality === 'SEG');
  const ours = series.filter(one => OUR_DESCRIPTION.test(one.description ?? ''));
  const instances = await metadataOf(archive, studyInstanceUid, ours.length > 0 ? ours : series);
  const results = newestFirst(instances.filter(isResultSeg));
  if (results.length === 0) return undefined;
  // A result without lesions is made of bodies.
  const lesions = results.filter(isLesionSeg);
  const otherSegSeries = series
    .map(({ seriesInstanceUid }) => seriesInstanceUid)
    .filter(uid => !lesions.some(seg => text(seg, 'SeriesInstanceUID') === uid));
  return { studyInstanceUid, date, time, description, seg: results[0], otherSegSeries };
}

async function metadataOf(archive: PriorArchive, study: string, series: readonly QidoSeries[]) {
  const found = await Promise.all(series.map(({ seriesInstanceUid }) => archive.metadata(study, seriesInstanceUid)));
  return found.flat();
}

/** UID of the CT series a SEG was drawn on; '' when it does not say. */
export function referencedSeriesUid(seg: NaturalizedInstance): string {
  return text(item(seg, 'ReferencedSeriesSequence'), 'SeriesInstanceUID');
}
