/** The tool that segments vertebrae by click, and the marks of what comes next. */
import { SESSION_VERTEBRAE_ID, type FindState } from '../../../ui';
import type { Mark } from '../../viewport/clickTool';
import type { App, Context } from '../context';
import { readableCt } from '../ct/state';
import { acceptNext, clickBody } from './click';
import { findVertebrae } from './search';
import { patchFind, undoBodies } from './sessionVertebrae';
import { findView } from './state';

export function setFindTool(context: Context, on: boolean): void {
  const { session, ports } = context;
  const ct = readableCt(session.state);
  if (!ct) return;
  patchFind(context, { tool: on, problem: undefined });
  if (!on) return ports.clicks.stop();
  ports.bodies.prepare();
  ports.clicks.start(ct.displaySet, {
    click: lps => void clickBody(context, lps),
    next: direction => void acceptNext(context, direction),
    undo: () => undoBodies(context),
    leave: () => setFindTool(context, false),
  });
}

export function search(context: Context): void {
  setFindTool(context, false);
  void findVertebrae(context);
}

/** Draws where the next bodies are expected and where a click is at work, while the tool is on. @returns a function that stops */
export function watchMarks({ store, ports }: App): () => void {
  return store.subscribe(
    ({ session }) => session.vertebrae,
    ({ find, session, selected }) => {
      const shown = findView(find, session);
      ports.clicks.mark(shown.tool && (shown.count === 0 || selected === SESSION_VERTEBRAE_ID) ? marksOf(shown) : []);
    },
    { equalityFn: (a, b) => a.find === b.find && a.session?.map === b.session?.map && a.selected === b.selected }
  );
}

function marksOf({ work, next }: FindState): Mark[] {
  const marks: Mark[] = [];
  if (work?.kind === 'click') marks.push({ kind: 'work', lps: work.lps, text: '' });
  if (next.above) marks.push({ kind: 'next', lps: next.above.lps, text: `N ${next.above.level ?? ''}`.trim() });
  if (next.below) marks.push({ kind: 'next', lps: next.below.lps, text: `B ${next.below.level ?? ''}`.trim() });
  return marks;
}
