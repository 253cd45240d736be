/** What one evaluation takes, measured again where the first measurement says too much. */
import type { LoadedModel } from '../../../runtime';
import type { App, Context } from '../context';
import { patchState } from '../store';

/** ms for one noise prediction, per image. */
export interface Timing {
  readonly evaluationMs: number;
  /** It was measured while the viewer had nothing else to do, or taken from an analysis: no upper bound any more. */
  readonly settled: boolean;
}

/** Between two measurements, and since the viewer loaded its last image, ms. */
const EVERY_MS = 1000;
const QUIET_MS = 2000;
/** So many measurements in a row, each within this of the best, are the machine's own time. */
const [AGREEING, WITHIN] = [3, 1.25];
/** A viewer that is never quiet is not measured for ever. */
const MOST = 30;

const wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/**
 * A model is opened while the viewer reads and draws the CT, on the same processors: evaluations then take several times as long as they
 * will. So one is timed again and again, the least counts, and it is settled once the viewer is quiet and several agree.
 */
export async function settleTiming({ store, ports, context }: App, model: LoadedModel, stillWanted: () => boolean) {
  const timingOf = () => store.getState().model.timing;
  const isOpen = () => stillWanted() && store.getState().model.loaded === model && timingOf()?.settled === false;
  let measured: number[] = [];
  for (let times = 0; times < MOST; ) {
    await wait(EVERY_MS);
    if (!isOpen()) return;
    // An analysis says itself what its evaluations took.
    if (ports.images.quietMs() < QUIET_MS || context().session.state.run.job) continue;
    const ms = await ports.model.timeEvaluation().catch(() => undefined);
    if (ms === undefined || !isOpen()) return;
    times++;
    measured = [...measured, ms].slice(-AGREEING);
    const evaluationMs = Math.min(timingOf()!.evaluationMs, ms);
    const settled = measured.length === AGREEING && Math.max(...measured) <= WITHIN * evaluationMs;
    patchState(store, 'model', { timing: { evaluationMs, settled } });
  }
}

/** What the evaluations of an analysis really took. */
export function takeTiming({ store }: Context, model: LoadedModel, evaluationMs: number | undefined): void {
  if (evaluationMs === undefined || store.getState().model.loaded !== model) return;
  patchState(store, 'model', { timing: { evaluationMs, settled: true } });
}
