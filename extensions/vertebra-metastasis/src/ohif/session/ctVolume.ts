/** The CT in Hounsfield units, read once for whoever needs it. */
import type { CancelSignal, Volume } from '../../core';
import type { Context } from './context';

interface Options {
  readonly cancel?: CancelSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const NEVER: CancelSignal = { aborted: false };

/** @throws InputError 'image-missing', 'mixed-scaling'; CancelledError */
export async function ctVolumeOf(
  { session, ports }: Context,
  { cancel = NEVER, onProgress = () => undefined }: Options = {}
): Promise<Volume> {
  const { ct } = session;
  if (!ct) throw new Error('no CT is open');
  if (ct.volume) return ct.volume;
  const volume = await ports.study.readCt(ct.displaySet, ct.series, { cancel, onProgress });
  if (session.ct === ct) ct.volume = volume;
  return volume;
}
