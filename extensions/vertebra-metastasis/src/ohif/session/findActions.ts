/** What the user can do about vertebrae without a segmentation; the click tool and the marks of what comes next. */
import { type FindActions, FOUND_ID, type FindState } from '../../ui';
import type { Mark } from '../viewport/clickTool';
import { type Context, patch } from './context';
import { findVertebrae } from './findAll';
import { acceptNext, clickBody } from './findClick';
import { eraseFound, relabelFound, shiftFound, undoFound } from './found';

export function findActions(context: Context): FindActions {
  const { session, ports } = context;
  const next = (direction: 'above' | 'below') => void acceptNext(context, direction);
  const setTool = (on: boolean) => {
    if (!session.ct) return;
    patch(context, 'find', { tool: on, problem: undefined });
    if (!on) return ports.clicks.stop();
    ports.bodies.prepare();
    ports.clicks.start(session.ct.displaySet, {
      click: lps => void clickBody(context, lps),
      next,
      undo: () => undoFound(context),
      leave: () => setTool(false),
    });
  };
  return {
    setTool,
    search: () => {
      setTool(false);
      void findVertebrae(context);
    },
    cancel: () => session.foundJob?.abort(),
    acceptNext: next,
    confirmLevel: (label, level) => relabelFound(context, label, level),
    shiftLevels: steps => shiftFound(context, steps),
    erase: label => eraseFound(context, label),
    undo: () => undoFound(context),
  };
}

/** Draws where the next bodies are expected and where a click is at work, while the tool is on. */
export function showMarks({ store, ports }: Context): () => void {
  let last: FindState | undefined;
  return () => {
    const { find, vertebrae } = store.get();
    if (find === last) return;
    last = find;
    ports.clicks.mark(find.tool && (find.count === 0 || vertebrae.selected === FOUND_ID) ? marksOf(find) : []);
  };
}

function marksOf({ work, next }: FindState): Mark[] {
  const marks: Mark[] = [];
  if (work?.kind === 'click') marks.push({ kind: 'work', lps: work.lps, text: '' });
  if (next.above) marks.push({ kind: 'next', lps: next.above.lps, text: `N ${next.above.level ?? ''}`.trim() });
  if (next.below) marks.push({ kind: 'next', lps: next.below.lps, text: `B ${next.below.level ?? ''}`.trim() });
  return marks;
}
