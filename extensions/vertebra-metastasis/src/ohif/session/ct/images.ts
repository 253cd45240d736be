/** Whether the viewports show the CT that is analysed, and all of it. */
import { InputError } from '../../../core';
import { toProblem } from '../../problems';
import { type App, type Context, TITLE } from '../context';
import type { ImagesState } from './state';

/** When missing slices are loaded again without being asked for, ms after they failed. */
const RETRY_MS = [3_000, 10_000, 30_000];

/** Keeps the state up to date, and tries to complete the images. @returns a function that stops */
export function watchImages(app: App): () => void {
  const { ports } = app;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = ports.images.onChange(() => {
    const context = app.context();
    refreshImages(context);
    const { missing = 0, reloading } = context.session.state.ct.images ?? {};
    clearTimeout(timer);
    if (missing === 0) tries = 0;
    else if (!reloading && tries < RETRY_MS.length) {
      timer = setTimeout(() => void reloadImages(context), RETRY_MS[tries++]);
    }
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Takes in what the viewports show now. */
export function refreshImages({ session, ports, store }: Context): void {
  const { displaySet, images } = session.state.ct;
  if (!displaySet || session.closed) return;
  const shown = ports.images.shown();
  const here = shown.length === 0 || shown.includes(displaySet.displaySetInstanceUID);
  const { choices } = store.getState().study;
  const instead = here ? [] : choices.filter(({ id }) => shown.includes(id));
  const missing = ports.images.missing(displaySet);
  const next: ImagesState = { elsewhere: !here, instead, missing, reloading: images?.reloading ?? false };
  if (images && same(images, next)) return;
  session.patch('ct', { images: next });
  if (missing > 0 && !images?.missing) {
    const total = displaySet.imageIds?.length ?? missing;
    ports.notify({
      title: TITLE,
      problem: toProblem(new InputError('slices-missing', { missing, total })),
      type: 'error',
    });
  }
}

function same(a: ImagesState, b: ImagesState): boolean {
  const ids = ({ instead }: ImagesState) => instead.map(({ id }) => id).join();
  return a.elsewhere === b.elsewhere && a.missing === b.missing && a.reloading === b.reloading && ids(a) === ids(b);
}

/** Hangs the CT that is analysed. */
export function showCt({ session, ports }: Context): void {
  const { displaySet } = session.state.ct;
  if (displaySet) ports.images.show(displaySet);
}

/** Loads the missing slices again. */
export async function reloadImages(context: Context): Promise<void> {
  const { session, ports } = context;
  const { displaySet, images } = session.state.ct;
  if (!displaySet || !images || images.reloading || session.closed) return;
  session.patch('ct', { images: { ...images, reloading: true } });
  await ports.images.reload(displaySet);
  session.patch('ct', ({ images: now }) => ({ images: now && { ...now, reloading: false } }));
  refreshImages(context);
}
