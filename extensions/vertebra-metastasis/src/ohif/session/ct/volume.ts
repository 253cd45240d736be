import type { CancelSignal, Volume } from '../../../core';
import type { Context } from '../context';
import { readableCt } from './state';

interface Reading {
  readonly cancel?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const NEVER: CancelSignal = { aborted: false };

/**
 * The CT in Hounsfield units, read once for whoever needs it.
 * @throws InputError 'image-missing', 'mixed-scaling'; CancelledError
 */
export async function ctVolumeOf(
  { session, ports }: Context,
  { cancel = NEVER, onProgress = () => undefined }: Reading = {}
): Promise<Volume> {
  const ct = readableCt(session.state);
  if (!ct) throw new Error('no CT is open');
  const { volume: known } = session.state.ct;
  if (known) return known;
  const volume = await ports.study.readCt(ct.displaySet, ct.series, { cancel, onProgress });
  session.patch('ct', { volume });
  return volume;
}
