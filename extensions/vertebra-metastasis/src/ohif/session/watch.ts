import type { App, Context } from './context';
import type { State } from './store';

type Inputs = readonly unknown[];

/**
 * Does something when one of its inputs is another than last time.
 * @param inputsOf undefined while nobody needs the outcome: it waits
 * @param run is told by `stillWanted` whether it was overtaken
 * @returns a function that stops
 */
export function watch(
  app: App,
  inputsOf: (state: State) => Inputs | undefined,
  run: (context: Context, stillWanted: () => boolean) => void
): () => void {
  let last: Inputs | undefined;
  return app.store.subscribe(state => {
    const inputs = inputsOf(state);
    if (!inputs || inputs.every((input, n) => input === last?.[n])) return;
    last = inputs;
    const context = app.context();
    run(context, () => last === inputs && !context.session.closed);
  });
}
