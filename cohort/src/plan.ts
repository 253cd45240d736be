/** From an archive to jobs: which series of each study is analysed, and why the others are not. */
import { PRODUCT } from '@spine/dicom';
import type { Source, StudyFacts, Target } from './archive/archive';
import { jobKey, resultUid } from './queue/key';
import type { Priority } from './queue/job';
import type { CohortQueue } from './queue/queue';
import type { Log } from './seen/log';
import { selectSeries, type SelectionRules } from './select/seriesRules';

export interface PlanOptions {
  readonly queue: CohortQueue;
  readonly source: Source;
  readonly target: Target;
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  /** Arguments of `npm run analyse` that change the result. */
  readonly analysis: readonly string[];
  readonly rules?: SelectionRules;
  readonly log: Log;
}

export interface Planned {
  studies: number;
  queued: number;
  /** Known from an earlier run, or its result is in the archive. */
  known: number;
  passedOver: number;
}

/** @param fresh studies that this run has queued already: they do not count as known */
export async function planStudies(
  options: PlanOptions,
  priority: Priority = 'backlog',
  fresh: ReadonlySet<string> = new Set()
): Promise<Planned> {
  const planned: Planned = { studies: 0, queued: fresh.size, known: 0, passedOver: 0 };
  for await (const study of options.source.studies()) {
    planned.studies++;
    const outcome = await planStudy(options, study, priority);
    // What came in is compared with what there was before.
    if (priority === 'arrived' && outcome.queued) await planPriors(options, study);
    if (outcome.queued !== undefined && !fresh.has(study.study)) planned[outcome.queued ? 'queued' : 'known']++;
    planned.passedOver += outcome.passedOver;
  }
  return planned;
}

/** Plans a study that has arrived, and after it the earlier studies of its patient. */
export async function planArrived(options: PlanOptions, study: StudyFacts): Promise<void> {
  await planNow(options, study, 'arrived');
  await planPriors(options, study);
}

/**
 * Plans the studies of a patient who is expected, before the backlog.
 * @param patient PatientID @returns how many studies the archive has of the patient, and those of them that are new to the queue
 */
export async function planPatient(
  options: PlanOptions,
  patient: string,
  except?: string
): Promise<{ readonly studies: number; readonly queued: readonly string[] }> {
  const planned = { studies: 0, queued: [] as string[] };
  for await (const study of options.source.studiesOf(patient)) {
    if (study.study === except) continue;
    planned.studies++;
    if (await planNow(options, study, 'prior')) planned.queued.push(study.study);
  }
  return planned;
}

/**
 * Plans the studies of patients with an appointment, and then all others.
 * @param patients PatientIDs @returns `withoutStudy`: how many of them have no study in the archive
 */
export async function planEverything(
  options: PlanOptions,
  patients: readonly string[]
): Promise<Planned & { readonly withoutStudy: number }> {
  const fresh = new Set<string>();
  let withoutStudy = 0;
  for (const patient of patients) {
    const { studies, queued } = await planPatient(options, patient);
    for (const study of queued) fresh.add(study);
    if (studies === 0) withoutStudy++;
  }
  return { ...(await planStudies(options, 'backlog', fresh)), withoutStudy };
}

/** Plans a study; one that waits already is brought forward. @returns whether it is new to the queue */
async function planNow(options: PlanOptions, study: StudyFacts, priority: Priority): Promise<boolean> {
  const { queued } = await planStudy(options, study, priority);
  if (queued === false) await options.queue.hurry(study.study, priority);
  return queued === true;
}

async function planPriors(options: PlanOptions, { study, patient }: StudyFacts): Promise<void> {
  if (patient !== '') await planPatient(options, patient, study);
}

/** @param priority of what is new: one that waits already keeps its place, as a watch sees it again each time */
export async function planStudy(
  { queue, source, target, model, analysis, rules, log }: PlanOptions,
  { study, series }: StudyFacts,
  priority: Priority = 'backlog'
): Promise<{ readonly queued?: boolean; readonly passedOver: number }> {
  const { chosen, passedOver } = selectSeries(series, rules);
  for (const { series, code, reason } of passedOver) await queue.notePassedOver(study, series, code, reason);
  if (!chosen) {
    log.info('passed-over', { series: passedOver.length });
    return { passedOver: passedOver.length };
  }
  const instances = await source.instances(study, chosen.series);
  const masks = series
    .filter(({ modality, manufacturerModel }) => modality === 'SEG' && manufacturerModel !== PRODUCT)
    .map(({ series }) => series)
    .sort();
  const key = jobKey({ study, series: chosen.series, instances, model, settings: { analysis, masks } });
  const uids = [resultUid(key, 'bodies.dcm'), resultUid(key, 'lesions.dcm')];
  const there = (await target.existing(study)).some(({ sop }) => uids.includes(sop));
  const queued = !there && (await queue.add({ key, study, series: chosen.series, masks, options: analysis }, priority));
  return { queued, passedOver: passedOver.length };
}
