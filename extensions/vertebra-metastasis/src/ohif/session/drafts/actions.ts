/** Keeps a draft of unsaved work in the browser, and offers it when the study is opened again. */
import { labelExtents } from '../../../core';
import { readMeasured, readReview } from '../../../dicom';
import type { App, Context } from '../context';
import { contentOf, hasUnsavedWork } from '../exports/content';
import { handToViewer } from '../review/show';
import { restoreReview } from '../review/restore';
import type { State } from '../store';
import { changeRow } from '../vertebrae/rows';
import { openSessionVertebrae } from '../vertebrae/sessionVertebrae';
import { vertebraRowsOf } from '../vertebrae/state';
import { watch } from '../watch';
import { draftKey, draftOf, unpacked } from './draft';
import type { Draft } from './state';

/** A draft is written this long after the last change, ms. */
const QUIET_MS = 1000;

/** @returns a function that stops */
export function watchDraft(app: App): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = watch(app, inputsOf, context => {
    clearTimeout(timer);
    timer = setTimeout(() => void keepDraft(context), QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Undefined until it is known whether there is an earlier draft, and while that waits for an answer: it is not written over. */
function inputsOf({ session }: State): readonly unknown[] | undefined {
  const { draft, vertebrae, run, ct } = session;
  if (!draft.looked || draft.offer || !ct.series) return undefined;
  return [ct.series, ...contentOf(session), vertebrae.session?.map, run.job, hasUnsavedWork(session)];
}

async function keepDraft({ session, ports }: Context): Promise<void> {
  const key = draftKey(session.state);
  const { looked, offer } = session.state.draft;
  if (key === undefined || session.closed || !looked || offer) return;
  try {
    const draft = hasUnsavedWork(session.state) ? draftOf(session.state, Date.now()) : undefined;
    if (draft) await ports.drafts.write(draft);
    else await ports.drafts.remove(key);
  } catch (error) {
    // A full or forbidden store must not stop the work; it is only not protected against a crash.
    console.warn('No draft of the review could be kept in this browser.', error);
  }
}

/** Looks whether work on this CT was left behind. */
export async function lookForDraft({ session, ports }: Context): Promise<void> {
  const key = draftKey(session.state);
  if (key === undefined) return;
  try {
    const offer = await ports.drafts.read(key);
    session.patch('draft', { looked: true, offer: hasUnsavedWork(session.state) ? undefined : offer });
  } catch (error) {
    console.warn('Drafts in this browser could not be read.', error);
    session.patch('draft', { looked: true });
  }
}

/** Takes the work up where it was left. */
export async function resumeDraft(context: Context): Promise<void> {
  const { session } = context;
  const { offer } = session.state.draft;
  const { series } = session.state.ct;
  if (!offer || !series) return;
  session.patch('draft', { offer: undefined });
  if (offer.bodies) {
    const map = unpacked(offer.bodies, series);
    const own = { map, extents: labelExtents(map.labelmap), lastIndex: offer.bodies.lastIndex, undo: [] };
    session.patch('vertebrae', { session: own, chosen: true });
    openSessionVertebrae(context);
  }
  session.update(state => ({
    planning: { ...state.planning, worksheets: offer.worksheets },
    ...(offer.lesions ? { review: reviewOf(state.review, offer, series) } : {}),
  }));
  const { lesions } = session.state.review;
  if (lesions) await handToViewer(context, lesions);
  restoreReview(context);
  // What was not finished is what to go on with.
  if (offer.unfinished.length === 0) return;
  for (const { label, level } of vertebraRowsOf(session.state)) {
    changeRow(context, label, row => ({ ...row, included: !row.problem && offer.unfinished.includes(level) }));
  }
}

function reviewOf(
  review: State['session']['review'],
  { lesions: kept, state }: Draft,
  series: NonNullable<State['session']['ct']['series']>
): State['session']['review'] {
  if (!kept) return review;
  const lesions = unpacked(kept, series);
  return {
    ...review,
    lesions,
    origin: 'analysis',
    unnamed: [],
    problem: undefined,
    viewer: { shown: lesions, labels: lesions.labelmap.labels },
    pending: { map: lesions, review: readReview(state), measured: readMeasured(state) },
    provenance: state?.provenance,
    storedCoverage: state?.coverage,
  };
}

export async function discardDraft({ session, ports }: Context): Promise<void> {
  const { offer } = session.state.draft;
  if (!offer) return;
  session.patch('draft', { offer: undefined });
  await ports.drafts.remove(offer.key);
}
