/** What one evaluation takes, measured again where the first measurement says too much. */
import type { LoadedModel } from '../../../runtime';
import type { App, Context } from '../context';
import { patchState } from '../store';

/** Between two measurements, and since the viewer loaded its last image, ms. */
const EVERY_MS = 1000;
const QUIET_MS = 2000;
/** So many measurements in a row, each within this of the best, are the machine's own time. */
const [AGREEING, WITHIN] = [3, 1.25];
/** On a machine that other work keeps busy they never agree: after so many an analysis is expected to fare as they did. */
const MOST = 12;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/**
 * A model is opened while the viewer reads and draws the CT, on the same processors: evaluations then take several times as long as they
 * will. So one is timed again once no image comes any more, until several agree: before that the least of them is told as an upper bound.
 */
export async function settleTiming({ store, ports, context }: App, model: LoadedModel, stillWanted: () => boolean) {
  const timingOf = () => store.getState().model.timing;
  const isOpen = () => stillWanted() && store.getState().model.loaded === model && timingOf()?.settled === false;
  const measured: number[] = [];
  for (;;) {
    await wait(EVERY_MS);
    if (!isOpen()) return;
    // An analysis says itself what its evaluations took.
    if (ports.images.quietMs() < QUIET_MS || context().session.state.run.job) continue;
    const ms = await ports.model.timeEvaluation().catch(() => undefined);
    if (ms === undefined || !isOpen()) return;
    measured.push(ms);
    const least = Math.min(timingOf()!.evaluationMs, ms);
    const agree = measured.length >= AGREEING && Math.max(...measured.slice(-AGREEING)) <= WITHIN * least;
    const settled = agree || measured.length === MOST;
    const evaluationMs = settled && !agree ? median(measured) : least;
    patchState(store, 'model', { timing: { evaluationMs, settled } });
  }
}

/** What the evaluations of an analysis really took. */
export function takeTiming({ store }: Context, model: LoadedModel, evaluationMs: number | undefined): void {
  if (evaluationMs === undefined || store.getState().model.loaded !== model) return;
  patchState(store, 'model', { timing: { evaluationMs, settled: true } });
}
