/** Saving the lesions as a DICOM SEG, and reading back what was saved before. */
import { isResultSeg, lesionSeg, type NaturalizedInstance, noLesionSeg, readLesionSeg, text } from '../../dicom';
import type { Saving } from '../../ui';
import type { DisplaySet } from '../host/host';
import { storedMap } from '../segmentation/lesionMap';
import { toProblem } from '../problems';
import { newestFirst } from '../archive/savedAt';
import { readReview } from '../archive/savedReview';
import { encodingFor } from '../segmentation/segEncoding';
import { type Context, nextFrame, type Session, TITLE } from './context';
import { coverages } from './coverage';
import { reviewInForce } from './inForce';
import { showLesions } from './lesions';
import { readCoverage, readProvenance, savedState } from './provenance';
import { neededBodies, type Result, resultNow } from './result';
import { establish } from './storedReview';
import { hasUnsavedBodies, storeBodies, storeObject, writtenWith } from './storing';
import { readWorksheets } from './worksheets';

/** Stores the segmentation as it is now. When that fails it stays, and saving can be tried again. */
export async function save(context: Context): Promise<void> {
  const { session, store } = context;
  if (store.get().lesions?.saving.status === 'saving' || session.run || !session.lesions) return;
  await storeLesions(context).catch(() => undefined); // the state says why
}

/**
 * Stores the segmentation and shows how that goes.
 * @returns what is in the archive now
 * @throws whatever kept it from being stored; it is shown already
 */
export async function storeLesions(context: Context): Promise<NonNullable<Session['saved']>> {
  const { session, store, ports } = context;
  const setSaving = (saving: Saving) =>
    store.update(state => ({ ...state, lesions: state.lesions && { ...state.lesions, saving } }));
  try {
    const result = resultNow(context);
    const { lesions } = result;
    setSaving({ status: 'saving' });
    await nextFrame();
    // A result without lesions holds its bodies itself.
    if (lesions.segments.length > 0 && hasUnsavedBodies(context)) await storeBodies(context, result);
    const { exports, planning } = store.get();
    const options = { encoding: exports.options.encoding, worksheets: planning.worksheets };
    const seg = await storeObject(context, 'lesions', { voxels: [lesions], options }, () =>
      lesionObject(context, result)
    );
    const saved = { lesions, seg };
    session.saved = saved;
    // An edit made while the archive was at work is not in what it got.
    if (session.lesions !== lesions) return saved;
    const seriesDescription = text(seg, 'SeriesDescription');
    setSaving({ status: 'saved', seriesDescription });
    ports.notify({ title: TITLE, message: seriesDescription, type: 'success' });
    return saved;
  } catch (error) {
    const problem = toProblem(error);
    setSaving({ status: 'failed', problem });
    ports.notify({ title: TITLE, problem, type: 'error' });
    throw error;
  }
}

/** The lesions as the next version of their SEG; without any, the bodies that were analysed stand for the result. */
export function lesionObject(context: Context, result: Result): NaturalizedInstance {
  const { exports, planning } = context.store.get();
  const { series, lesions, provenance } = result;
  const shared = {
    ...writtenWith(context, 'lesions', result),
    encoding: encodingFor(series, exports.options.encoding),
    state: savedState(provenance, coverages(context), planning.worksheets, reviewInForce(context.session)),
  };
  const { labelmap, segments } = lesions;
  if (segments.length > 0) return lesionSeg({ ...shared, labelmap, segments });
  const { labelmap: bodies, vertebrae } = neededBodies(context);
  return noLesionSeg({ ...shared, bodies, vertebrae });
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
    const seg = await ports.study.readSeg(instance);
    const content = readLesionSeg(seg, ct.series);
    if (session.ct !== ct || session.lesions || session.run || session.disposed) return;
    session.versions.set('lesions', content.version);
    session.provenance = readProvenance(content.state);
    session.storedCoverage = readCoverage(content.state);
    const worksheets = readWorksheets(content.state);
    store.update(state => ({ ...state, planning: { worksheets } }));
    const seriesDescription = text(instance, 'SeriesDescription');
    const map = storedMap(content, ct.series.slicePositionsMm);
    // A renumbered map is no longer what the file holds, segment by segment.
    if (map.labelmap.labels === content.labelmap.labels) session.saved = { lesions: map, seg };
    session.storedReview = { map, review: readReview(content.state) };
    await showLesions(context, map, 'stored', { status: 'saved', seriesDescription });
    establish(context);
  } catch (error) {
    if (session.ct === ct) store.update(state => ({ ...state, lesionsProblem: toProblem(error) }));
  }
}

function newest(sets: readonly DisplaySet[], seriesInstanceUID: string): NaturalizedInstance | undefined {
  const ours = sets.flatMap(({ Modality, instance, referencedSeriesInstanceUID }) =>
    Modality === 'SEG' && instance && isResultSeg(instance) && referencedSeriesInstanceUID === seriesInstanceUID
      ? [instance]
      : []
  );
  return newestFirst(ours)[0];
}
