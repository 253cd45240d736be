/** Which candidate regions are outlined in the viewports. */
import { type CandidateKey, decidedCandidates, type Vec3 } from '../../core';
import type { Hover } from '../../ui';
import type { OutlinedRegion } from '../viewport/outlineLayer';
import type { Context } from './context';
import { focusActions } from './focusActions';

/** Keeps the outlines up to date. @returns a function that stops */
export function watchOutlines(context: Context, hover: Hover): () => void {
  const { store, session, ports } = context;
  const { goToCandidate } = focusActions(context);
  // The viewport clicked stays where it is; the others go to that place.
  const choose = (key: CandidateKey, pointLps: Vec3) => goToCandidate({ key, pointLps });
  let drawn: readonly unknown[] = [];
  const update = () => {
    const { review, focus, outlines } = store.get();
    const inputs = [session.ct, review.present, focus.label, outlines];
    if (inputs.some((input, n) => input !== drawn[n])) {
      drawn = inputs;
      const regions = outlines ? outlinedRegions(context) : [];
      if (session.ct && regions.length > 0) ports.outlines.show(session.ct.displaySet, regions, choose);
      else ports.outlines.clear();
      // Never both: the two lines of one lesion would run beside each other.
      ports.view.outline(outlines && regions.length === 0);
    }
    ports.outlines.highlight([focus.key, hover.get()]);
  };
  const stops = [store.subscribe(update), hover.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
    ports.outlines.clear();
  };
}

/** All candidates of the vertebra looked at, and those that count elsewhere. */
function outlinedRegions({ store }: Context): OutlinedRegion[] {
  const { review, focus } = store.get();
  return review.present.findings.flatMap(findings =>
    decidedCandidates(findings, review.present)
      .filter(({ kept }) => kept || findings.label === focus.label)
      .map(({ key, slice, candidate, kind, kept }) => ({ key, frame: slice.frame, mask: candidate.mask, kind, kept }))
  );
}
