/** The lesion burden of the study, measured anew when lesions, masks or analyses change and someone looks. */
import { type BurdenVertebra, lesionBurden, reviewSummary } from '../../core';
import { SOFTWARE } from '../../dicom';
import type { BurdenResult, Loadable } from '../../ui';
import { emptyMap, type LesionEntry } from '../segmentation/lesionMap';
import { isCancelled, toProblem } from '../problems';
import type { Context } from './context';
import { coverages } from './coverage';
import { ctVolumeOf } from './ctVolume';
import { provenanceInForce, reviewInForce } from './inForce';
import { entries } from './vertebrae';

/** Tabs that show numbers of the burden. */
const SHOWN_IN: readonly string[] = ['burden', 'report'];

/** Keeps `state.burden` up to date while a tab that shows it is open. @returns a function that stops */
export function watchBurden(context: Context): () => void {
  let measured: readonly unknown[] = [];
  return context.store.subscribe(() => {
    const { tab, vertebrae } = context.store.get();
    if (!SHOWN_IN.includes(tab)) return;
    const { session } = context;
    const inputs = [
      ...[session.ct, session.lesions, session.bodies, session.storedCoverage, vertebrae.reading],
      ...[session.review.present, session.storedReview, session.burdenAttempt],
    ];
    if (inputs.every((input, n) => input === measured[n]) && measured.length > 0) return;
    measured = inputs;
    void measure(context, () => measured === inputs && !session.disposed);
  });
}

/** After a failure, such as slices that did not arrive. */
export function measureAgain({ session, store }: Context): void {
  session.burdenAttempt++;
  store.update(state => ({ ...state, burden: { status: 'loading' } }));
}

async function measure(context: Context, stillWanted: () => boolean): Promise<void> {
  const { session, store } = context;
  const show = (burden: Loadable<BurdenResult>) => {
    if (stillWanted()) store.update(state => ({ ...state, burden }));
  };
  const { ct, bodies, lesions } = session;
  const vertebrae = vertebraeOf(context);
  if (!ct || (!lesions && vertebrae.every(({ coverage }) => !coverage))) return show({ status: 'idle' });
  try {
    if (!ct.volume) show({ status: 'loading' });
    const volume = await ctVolumeOf(context, { onProgress: (done, total) => show({ status: 'loading', done, total }) });
    if (!stillWanted()) return;
    const { labelmap, segments } = lesions ?? emptyMap(volume);
    const positionsMm = ct.series.slicePositionsMm;
    const burden = lesionBurden({ volume, positionsMm, lesions: labelmap, segments, bodies, vertebrae });
    const review = { ...segmentCounts(segments), decisions: reviewSummary(reviewInForce(session)) };
    show({ status: 'ready', value: { burden, provenance: provenanceInForce(session), software: SOFTWARE, review } });
  } catch (error) {
    if (!isCancelled(error)) show({ status: 'error', problem: toProblem(error) });
  }
}

function segmentCounts(segments: readonly LesionEntry[]): Omit<BurdenResult['review'], 'decisions'> {
  const made = (type: LesionEntry['algorithmType']) => segments.filter(one => one.algorithmType === type).length;
  return {
    ...{ automatic: made('AUTOMATIC'), edited: made('SEMIAUTOMATIC'), drawn: made('MANUAL') },
    confirmed: segments.filter(({ confirmed }) => confirmed).length,
  };
}

/** The vertebrae of the masks; without masks, those that a stored result names. */
function vertebraeOf(context: Context): BurdenVertebra[] {
  const known = coverages(context);
  const listed = entries(context);
  if (listed.length === 0) return known.map(coverage => ({ label: coverage.label, level: coverage.level, coverage }));
  return listed.map(({ label, level, problem, failure }) => ({
    ...{ label, level },
    coverage: known.find(one => one.level === level),
    reason: problem ?? failure,
  }));
}
