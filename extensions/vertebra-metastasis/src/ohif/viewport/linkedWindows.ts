/** One grey scale for two viewports: a difference must not be one of windows. The host's own link wants both to show the same volume. */
import type { CornerstoneViewport, VoiRange } from '../host/host';

const VOI_MODIFIED = 'CORNERSTONE_VOI_MODIFIED';
/** Smaller differences are rounding, HU. */
const SAME_HU = 0.5;

/** Windowing in one is done in the other. @returns a function that unlinks */
export function linkWindows(a: CornerstoneViewport, b: CornerstoneViewport): () => void {
  const follow = (from: CornerstoneViewport, to: CornerstoneViewport) => () => {
    const [wanted, shown] = [from.getProperties?.().voiRange, to.getProperties?.().voiRange];
    if (!wanted || (shown && same(wanted, shown))) return;
    to.setProperties?.({ voiRange: { lower: wanted.lower, upper: wanted.upper } });
    to.render();
  };
  const [forwards, backwards] = [follow(a, b), follow(b, a)];
  a.element.addEventListener(VOI_MODIFIED, forwards);
  b.element.addEventListener(VOI_MODIFIED, backwards);
  forwards();
  return () => {
    a.element.removeEventListener(VOI_MODIFIED, forwards);
    b.element.removeEventListener(VOI_MODIFIED, backwards);
  };
}

const same = (a: VoiRange, b: VoiRange): boolean =>
  Math.abs(a.lower - b.lower) < SAME_HU && Math.abs(a.upper - b.upper) < SAME_HU;
