/** Changes a large review and counts the work of the panel. Runs in the browser. */
import { flushSync } from 'react-dom';
import type { PanelState } from '../../../extensions/vertebra-metastasis/src/ui';
import { largeReview } from './data';
import { mountPanel } from './mount';

export interface Work {
  /** Elements that components made: what was drawn anew. */
  readonly elements: number;
  readonly ms: number;
}

const counter = (globalThis as unknown as { spineElements: { count: number } }).spineElements;

function measured(act: () => void): Work {
  const before = counter.count;
  const start = performance.now();
  flushSync(act);
  // Styles and layout are part of what the user waits for.
  document.body.getBoundingClientRect();
  return { ms: performance.now() - start, elements: counter.count - before };
}

const PROGRESS = {
  evaluationsPlanned: 100,
  slicesScreened: 12,
  slicesPlanned: 288,
  label: 9,
  level: 'T2',
  slice: 1,
  lastSlice: 1,
  sliceCount: 12,
  vertebra: 1,
  vertebraCount: 24,
};

/** @returns the work of each step */
function run() {
  const panel = mountPanel();
  const state = largeReview();
  const { present } = state.review;
  const draw = (change: Partial<PanelState>) => measured(() => panel.draw({ ...state, ...change }));
  const progress = (evaluationsDone: number) =>
    draw({ run: { status: 'running', progress: { ...PROGRESS, evaluationsDone } } });
  const work = {
    first: draw({}),
    hovering: measured(() => panel.hover.set('9/3/2')),
    leaving: measured(() => panel.hover.set(undefined)),
    threshold: draw({
      review: { ...state.review, present: { ...present, rules: { ...present.rules, threshold: 0.6 } } },
    }),
    started: progress(1),
    progress: progress(2),
    vertebra: draw({ focus: { label: 10, selected: [] } }),
  };
  panel.remove();
  return work;
}

(globalThis as unknown as { spinePanelSpeed: typeof run }).spinePanelSpeed = run;
