/** The lesion burden of the study, measured again when lesions, masks or analyses change while a tab shows it. */
import { lesionBurden, reviewSummary } from '../../../core';
import { SOFTWARE } from '../../../dicom';
import type { BurdenResult, TabId } from '../../../ui';
import { isCancelled, toProblem } from '../../problems';
import { emptyMap, type LesionEntry } from '../../segmentation/lesionMap';
import type { App, Context } from '../context';
import { ctVolumeOf } from '../ct/volume';
import { currentProvenance, currentReview } from '../review/state';
import type { State } from '../store';
import { coveredVertebrae } from '../vertebrae/coverage';
import { watch } from '../watch';
import type { BurdenSlice } from './state';

/** Those that state numbers, or what the files say nothing about. */
const TABS: readonly TabId[] = ['burden', 'report', 'export'];

/** Keeps the burden up to date while a tab that shows it is open. @returns a function that stops */
export function watchBurden(app: App): () => void {
  return watch(app, inputsOf, (context, stillWanted) => void measure(context, stillWanted));
}

function inputsOf({ session, preferences: { tab } }: State): readonly unknown[] | undefined {
  if (!TABS.includes(tab)) return undefined;
  const { ct, review, vertebrae, burden } = session;
  const { lesions, storedCoverage, pending, history } = review;
  return [
    ct.series,
    lesions,
    vertebrae.bodies,
    storedCoverage,
    vertebrae.reading,
    history.present,
    pending,
    burden.attempt,
  ];
}

/** After a failure, such as slices that did not arrive. */
export function measureAgain({ session }: Context): void {
  session.patch(
    'burden',
    ({ attempt }): Partial<BurdenSlice> => ({
      attempt: attempt + 1,
      result: { status: 'loading' },
    })
  );
}

async function measure(context: Context, stillWanted: () => boolean): Promise<void> {
  const { session } = context;
  const show = (result: BurdenSlice['result']) => {
    if (stillWanted()) session.patch('burden', { result });
  };
  const { state } = session;
  const { series } = state.ct;
  const { lesions } = state.review;
  const vertebrae = coveredVertebrae(state);
  if (!series || (!lesions && vertebrae.every(({ coverage }) => !coverage))) return show({ status: 'idle' });
  try {
    if (!state.ct.volume) show({ status: 'loading' });
    const volume = await ctVolumeOf(context, { onProgress: (done, total) => show({ status: 'loading', done, total }) });
    if (!stillWanted()) return;
    const { labelmap, segments } = lesions ?? emptyMap(volume);
    const bodies = state.vertebrae.bodies?.labelmap;
    const positionsMm = series.slicePositionsMm;
    const burden = lesionBurden({ volume, positionsMm, lesions: labelmap, segments, bodies, vertebrae });
    const review = { ...segmentCounts(segments), decisions: reviewSummary(currentReview(state)) };
    const provenance = currentProvenance(state);
    show({ status: 'ready', value: { burden, provenance, software: SOFTWARE, review } });
  } catch (error) {
    if (!isCancelled(error)) show({ status: 'error', problem: toProblem(error) });
  }
}

function segmentCounts(segments: readonly LesionEntry[]): Omit<BurdenResult['review'], 'decisions'> {
  const made = (type: LesionEntry['algorithmType']) => segments.filter(one => one.algorithmType === type).length;
  return {
    automatic: made('AUTOMATIC'),
    edited: made('SEMIAUTOMATIC'),
    drawn: made('MANUAL'),
    confirmed: segments.filter(({ confirmed }) => confirmed).length,
  };
}
