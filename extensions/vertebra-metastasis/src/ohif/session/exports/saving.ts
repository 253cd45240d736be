/** Saving the lesions as a DICOM SEG. */
import { lesionsObject, type NaturalizedInstance, text } from '../../../dicom';
import { toProblem } from '../../problems';
import { encodingFor } from '../../segmentation/segEncoding';
import { type Context, TITLE } from '../context';
import { nextFrame } from '../nextFrame';
import { contentOf, stateToSave } from './content';
import { checkNothingNewer, referenceTo, withRelatedResults } from './predecessor';
import { type Result, resultNow, resultToWrite } from './result';
import type { ExportsSlice } from './state';
import { hasUnsavedBodies, identityOf, storeBodies, storeObject } from './storing';

/** Stores the segmentation as it is now. When that fails it stays, and saving can be tried again. */
export async function save(context: Context): Promise<void> {
  const { exports, run, review } = context.session.state;
  if (exports.saving?.status === 'saving' || run.job || !review.lesions) return;
  await storeLesions(context).catch(() => undefined); // the state says why
}

/**
 * Stores the segmentation and shows how that goes.
 * @returns what is in the archive now
 * @throws whatever kept it from being stored; it is shown already
 */
export async function storeLesions(context: Context): Promise<NonNullable<ExportsSlice['saved']>> {
  const { session, store, ports } = context;
  let content = contentOf(session.state);
  try {
    const result = resultNow(context);
    content = contentOf(session.state);
    const { lesions } = result;
    const { worksheets } = session.state.planning;
    session.patch('exports', { saving: { status: 'saving' } });
    await nextFrame();
    await checkNothingNewer(context);
    // A result without lesions holds its bodies itself.
    if (lesions.segments.length > 0 && hasUnsavedBodies(session.state)) await storeBodies(context, result);
    const options = { encoding: store.getState().preferences.exportOptions.encoding, worksheets };
    const seg = await storeObject(context, 'lesions', { voxels: [lesions], options }, () =>
      lesionObject(context, result)
    );
    const saved = { lesions, seg };
    const seriesDescription = text(seg, 'SeriesDescription');
    // An edit made while the archive was at work is not in what it got.
    const overtaken = session.state.review.lesions !== lesions;
    const triedSop = text(seg, 'SOPInstanceUID');
    session.patch('exports', {
      saved,
      triedSop,
      predecessor: referenceTo(seg),
      archived: { content, seriesDescription },
      saving: undefined,
    });
    if (!overtaken) ports.notify({ title: TITLE, message: seriesDescription, type: 'success' });
    return saved;
  } catch (error) {
    const problem = toProblem(error);
    session.patch('exports', { saving: { status: 'failed', problem, content } });
    ports.notify({ title: TITLE, problem, type: 'error' });
    throw error;
  }
}

/** The lesions as the next version of their SEG; without any, the bodies that were analysed stand for the result. */
export function lesionObject(context: Context, result: Result): NaturalizedInstance {
  const { state } = context.session;
  const { series, provenance } = result;
  const object = lesionsObject(resultToWrite(context, result), {
    ...identityOf(context, 'lesions'),
    encoding: encodingFor(series, context.store.getState().preferences.exportOptions.encoding),
    state: stateToSave(state, provenance, result.lesions),
  });
  return withRelatedResults(object, state.exports.predecessor, state.exports.toldOf);
}
