/** Which candidate regions are outlined in the viewports. */
import { type CandidateKey, decidedCandidates, type ReviewState, type Vec3 } from '../../../core';
import type { Hover } from '../../../ui';
import type { OutlinedRegion } from '../../viewport/outlineLayer';
import type { App } from '../context';
import { readableCt } from '../ct/state';
import { goToCandidate } from './focus';
import { reviewView } from './state';

/** Keeps the outlines up to date. @returns a function that stops */
export function watchOutlines(app: App, hover: Hover): () => void {
  const { store, ports } = app;
  // The viewport clicked stays where it is; the others go to that place.
  const choose = (key: CandidateKey, pointLps: Vec3) => goToCandidate(app.context(), { key, pointLps });
  let drawn: readonly unknown[] = [];
  const update = () => {
    const { session, preferences } = store.getState();
    const { history, sliding } = session.review;
    const { outlines } = preferences;
    const inputs = [session.ct.series, history.present, sliding, session.focus.label, outlines];
    if (inputs.some((input, n) => input !== drawn[n])) {
      drawn = inputs;
      const { present } = reviewView(history, sliding);
      const regions = outlines ? outlinedRegions(present, session.focus.label) : [];
      const ct = readableCt(session);
      if (ct && regions.length > 0) ports.outlines.show(ct.displaySet, regions, choose);
      else ports.outlines.clear();
      // Never both: the two lines of one lesion would run beside each other.
      ports.view.outline(outlines && regions.length === 0);
    }
    ports.outlines.highlight([session.focus.key, hover.get()]);
  };
  const stops = [store.subscribe(update), hover.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
    ports.outlines.clear();
  };
}

/** All candidates of the vertebra selected, and those that count elsewhere. */
function outlinedRegions(review: ReviewState, selected: number | undefined): OutlinedRegion[] {
  return review.findings.flatMap(findings =>
    decidedCandidates(findings, review)
      .filter(({ kept }) => kept || findings.label === selected)
      .map(({ key, slice, candidate, kind, kept }) => ({ key, frame: slice.frame, mask: candidate.mask, kind, kept }))
  );
}
