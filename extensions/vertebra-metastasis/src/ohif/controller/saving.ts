/** Saving the lesions as a DICOM SEG, and reading back what was saved before. */
import { InputError } from '../../core';
import { isLesionSeg, lesionSeg, type NaturalizedInstance, number, readLesionSeg, text } from '../../dicom';
import type { Saving } from '../../ui';
import type { DisplaySet } from '../host';
import { storedMap } from '../lesionMap';
import { toProblem } from '../problems';
import { type Context, TITLE } from './context';
import { showLesions, takeEdits } from './lesions';
import { coverages } from './coverage';
import { readCoverage, readProvenance, savedState } from './provenance';

/** Stores the segmentation as it is now. When that fails it stays, and saving can be tried again. */
export async function save(context: Context): Promise<void> {
  const { session, store, ports } = context;
  if (store.get().lesions?.saving.status === 'saving' || session.run) return;
  takeEdits(context);
  const lesions = session.lesions;
  if (!lesions) return;
  const setSaving = (saving: Saving) =>
    store.update(state => ({ ...state, lesions: state.lesions && { ...state.lesions, saving } }));
  setSaving({ status: 'saving' });
  try {
    const dataset = lesionDataset(context);
    await ports.study.storeSeg(dataset);
    session.version++;
    // An edit made while the archive was at work is not in what it got.
    if (session.lesions !== lesions) return;
    const seriesDescription = text(dataset, 'SeriesDescription');
    setSaving({ status: 'saved', seriesDescription });
    ports.notify({ title: TITLE, message: seriesDescription, type: 'success' });
  } catch (error) {
    const problem = toProblem(error);
    setSaving({ status: 'failed', problem });
    ports.notify({ title: TITLE, message: problem.message, type: 'error' });
  }
}

function lesionDataset(context: Context): NaturalizedInstance {
  const { session } = context;
  const { ct, lesions, provenance, unnamedSegments } = session;
  if (!ct || !lesions) throw new InputError('no-lesions', 'There is no lesion to save; analyse a vertebra first.');
  if (unnamedSegments.length > 0) throw unnamedError(unnamedSegments);
  if (!provenance) {
    throw new InputError(
      'no-provenance',
      'The stored result does not say which model made it, so it cannot be saved again; analyse the vertebrae anew.'
    );
  }
  return lesionSeg({
    ...provenance,
    series: ct.series,
    labelmap: lesions.labelmap,
    segments: lesions.segments,
    version: session.version + 1,
    state: savedState(provenance, coverages(context)),
  });
}

export function unnamedError(names: readonly string[]): InputError {
  return new InputError(
    'unnamed-segment',
    `The drawn segment ${names.map(name => `“${name}”`).join(', ')} does not say what it is. Rename it to vertebra and kind, for example “T10 lytic”.`
  );
}

/** Shows the newest stored result of this CT, unless there is a result already. */
export async function readStoredLesions(context: Context): Promise<void> {
  const { session, ports, store } = context;
  const { ct } = session;
  if (!ct || session.lesions || session.run) return;
  const instance = newest(ports.study.displaySets(), ct.series.seriesInstanceUID);
  const uid = instance && text(instance, 'SOPInstanceUID');
  if (!instance || uid === session.storedTried) return;
  session.storedTried = uid;
  try {
    const content = readLesionSeg(await ports.study.readSeg(instance), ct.series);
    if (session.ct !== ct || session.lesions || session.run || session.disposed) return;
    session.version = content.version;
    session.provenance = readProvenance(content.state);
    session.storedCoverage = readCoverage(content.state);
    const seriesDescription = text(instance, 'SeriesDescription');
    await showLesions(context, storedMap(content), 'stored', { status: 'saved', seriesDescription });
  } catch (error) {
    if (session.ct === ct) store.update(state => ({ ...state, lesionsProblem: toProblem(error) }));
  }
}

function newest(sets: readonly DisplaySet[], seriesInstanceUID: string): NaturalizedInstance | undefined {
  const ours = sets.flatMap(({ Modality, instance, referencedSeriesInstanceUID }) =>
    Modality === 'SEG' && instance && isLesionSeg(instance) && referencedSeriesInstanceUID === seriesInstanceUID
      ? [instance]
      : []
  );
  const moment = (instance: NaturalizedInstance) =>
    text(instance, 'SeriesDate') +
    text(instance, 'SeriesTime') +
    String(number(instance, 'SeriesNumber') ?? 0).padStart(6, '0');
  return ours.sort((a, b) => moment(b).localeCompare(moment(a)))[0];
}
