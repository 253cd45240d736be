/** What the panel shows, selected from the store. Nothing of it is kept anywhere else. */
import { isUnreviewed } from '../../dicom';
import type { LesionResult, PanelState } from '../../ui';
import type { LesionMap } from '../segmentation/lesionMap';
import { ctView } from './ct/state';
import { contentOf } from './exports/content';
import { exportOffers } from './exports/exporters';
import { outcomesView, savingView } from './exports/state';
import { draftView } from './drafts/state';
import { expectedTime, modelView } from './model/state';
import { overviewView } from './overview/overview';
import { priorView } from './prior/state';
import {
  algorithmTypeOf,
  currentProvenance,
  currentReview,
  lesionRows,
  type ReviewSlice,
  reviewView,
  shownRules,
} from './review/state';
import type { SessionState, State } from './store';
import { sliceCounts } from './vertebrae/coverage';
import { findView, vertebraeView } from './vertebrae/state';

/** An archive that drops private elements leaves the description of the series, and nothing to complete the review with. */
function notReviewed(session: SessionState, { segments }: LesionMap): LesionResult['notReviewed'] {
  const provenance = currentProvenance(session);
  if (provenance) return provenance.notReviewed;
  const told = session.review.origin === 'stored' && isUnreviewed(session.exports.archived?.seriesDescription ?? '');
  return told ? [...new Set(segments.map(({ level }) => level))] : undefined;
}

/** Remembers the last outcome: the same inputs give the same object, so that React draws again only what changed. */
function memo<A extends readonly unknown[], R>(make: (...inputs: A) => R): (...inputs: A) => R {
  let last: { readonly inputs: A; readonly outcome: R } | undefined;
  return (...inputs) => {
    if (!last || inputs.some((input, n) => input !== last?.inputs[n])) last = { inputs, outcome: make(...inputs) };
    return last.outcome;
  };
}

/** @returns the selector of one panel; it remembers what it selected last */
export function createPanelView(): (state: State) => PanelState {
  const ct = memo(ctView);
  const model = memo(modelView);
  const counts = memo(
    (history: ReviewSlice['history'], pending: ReviewSlice['pending'], stored: ReviewSlice['storedCoverage']) =>
      sliceCounts({ history, pending, storedCoverage: stored })
  );
  const vertebrae = memo(
    (masks: SessionState['vertebrae'], analysed: NonNullable<PanelState['vertebrae']['analysed']>) => ({
      ...vertebraeView(masks),
      analysed,
    })
  );
  const find = memo(findView);
  const review = memo(reviewView);
  const settings = memo((own: State['preferences']['settings'], rules: ReturnType<typeof shownRules>) => ({
    ...own,
    ...rules,
  }));
  const expected = memo(expectedTime);
  const rows = memo(lesionRows);
  const prior = memo(priorView);
  const overview = memo(overviewView);
  const draft = memo(draftView);
  const outcomes = memo(outcomesView);
  const exports = memo((options: State['preferences']['exportOptions'], shown: PanelState['exports']['outcomes']) => ({
    offers: exportOffers,
    options,
    outcomes: shown,
  }));
  const lesions = memo((session: SessionState): LesionResult | undefined => {
    const { lesions: map, origin } = session.review;
    if (!map) return undefined;
    const saving = savingView(session.exports, contentOf(session));
    const algorithmType = algorithmTypeOf(map, currentReview(session));
    return { origin, saving, ...rows(map), algorithmType, notReviewed: notReviewed(session, map) };
  });
  return memo(({ study, model: modelState, preferences, session }: State): PanelState => {
    const { vertebrae: masks, review: reviewed } = session;
    const { tab, order, lesionOrder, outlines } = preferences;
    return {
      tab,
      order,
      lesionOrder,
      outlines,
      focus: session.focus,
      run: session.run.shown,
      asked: session.run.asked,
      planning: session.planning,
      ct: ct(study, session.ct),
      model: model(modelState),
      vertebrae: vertebrae(masks, counts(reviewed.history, reviewed.pending, reviewed.storedCoverage)),
      find: find(masks.find, masks.session),
      settings: settings(preferences.settings, shownRules(reviewed)),
      expected: expected(modelState, preferences.settings),
      review: review(reviewed.history, reviewed.sliding),
      painting: reviewed.painting?.tool,
      lesions: lesions(session),
      lesionsProblem: reviewed.problem,
      draft: draft(session.draft.offer),
      burden: session.burden.result,
      prior: prior(session.prior),
      overview: overview(session.overview, reviewed.lesions),
      exports: exports(preferences.exportOptions, outcomes(session.exports.outcomes, reviewed.lesions)),
    };
  });
}
