/** Both studies side by side, and the way from a lesion to its place in each. */
import { applyAffine, invert } from '../../core';
import { innerVoxelLps } from '../segmentation/centroid';
import { toProblem } from '../problems';
import type { Context } from './context';

/** Shows the earlier CT with its lesions beside the current one, or the current one alone again. */
export async function showPrior(context: Context, shown: boolean): Promise<void> {
  const { session, ports, store } = context;
  const opened = session.prior?.opened;
  if (!shown || !opened || !session.ct) {
    ports.prior.hide();
    store.update(state => ({ ...state, prior: { ...state.prior, shown: false } }));
    return;
  }
  store.update(state => ({ ...state, prior: { ...state.prior, shown: true, viewProblem: undefined } }));
  try {
    await ports.prior.show({
      ct: session.ct.displaySet,
      prior: opened,
      alignments: session.alignments ?? [],
    });
  } catch (error) {
    ports.prior.hide();
    store.update(state => ({ ...state, prior: { ...state.prior, shown: false, viewProblem: toProblem(error) } }));
  }
}

/** Goes to a change in both studies; where a lesion is on one side only, its aligned place is shown on the other. */
export function goToChange({ session, ports, store }: Context, index: number): void {
  const { comparison } = store.get().prior;
  const opened = session.prior?.opened;
  if (comparison.status !== 'ready' || !opened) return;
  const change = comparison.value.comparison.changes[index];
  if (!change) return;
  const transform = session.alignments?.find(({ level }) => level === change.level)?.transform;
  const now = change.currentIndex && session.lesions && innerVoxelLps(session.lesions.labelmap, change.currentIndex);
  const then = change.priorIndex && innerVoxelLps(opened.content.labelmap, change.priorIndex);
  const current = now || (then && transform && applyAffine(invert(transform), then));
  const prior = then || (now && transform && applyAffine(transform, now));
  if (current) ports.goTo(current);
  if (prior) ports.prior.goTo(prior);
}
