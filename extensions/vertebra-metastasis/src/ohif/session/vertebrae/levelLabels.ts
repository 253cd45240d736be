/** The names of the vertebrae in the images, whatever source their masks come from. */
import type { LevelLabel } from '../../viewport/levelLayer';
import type { App } from '../context';
import { readableCt } from '../ct/state';
import { goToVertebra } from '../review/focus';
import type { SessionState } from '../store';
import { bodyCorners, vertebraRowsOf } from './state';

/** Keeps the names up to date. @returns a function that stops */
export function watchLevelLabels(app: App): () => void {
  const { store, ports } = app;
  let drawn: readonly unknown[] = [];
  // Selected, and ready to be named otherwise.
  const choose = (label: number) => {
    goToVertebra(app.context(), label);
    ports.levels.name();
  };
  const update = () => {
    const { session } = store.getState();
    const inputs = [session.ct.series, session.vertebrae.bodies, session.vertebrae.reading, session.focus.label];
    if (inputs.every((input, n) => input === drawn[n])) return;
    drawn = inputs;
    const ct = readableCt(session);
    const labels = labelsOf(session);
    if (ct && labels.length > 0) ports.levels.show(ct.displaySet, labels, choose);
    else ports.levels.clear();
  };
  const stop = store.subscribe(update);
  return () => {
    stop();
    ports.levels.clear();
  };
}

function labelsOf(session: SessionState): LevelLabel[] {
  return vertebraRowsOf(session).flatMap(({ label, level }) => {
    const corners = bodyCorners(session, label);
    return corners ? [{ label, text: level, corners, current: label === session.focus.label }] : [];
  });
}
