/** The bodies segmented in this session: shown in the viewports, listed as vertebrae, corrected, erased, undone. */
import { type LabelExtent, labelExtents, type VertebraLevel } from '../../core';
import { type Choice, FOUND_ID, type VertebraEntry } from '../../ui';
import {
  type BodyMap,
  editedBodies,
  levelsKnown,
  nameBody,
  nextBodies,
  removeBodies,
  restoreBody,
  shiftBodies,
} from '../segmentation/sessionBodies';
import { toProblem } from '../problems';
import { type Context, type FoundSession, patch, type Session } from './context';
import { entries, siteProblem, withDuplicates } from './entries';
import { takeEdits } from './lesions';
import { dropFindings, renameInReview } from './review';
import { freezeReview } from './storedReview';

/** The source's entry in the list; none while nothing was found. The panel puts its name. */
export function foundChoice({ found }: Pick<Session, 'found'>): Choice[] {
  return found && found.map.segments.length > 0 ? [{ id: FOUND_ID, label: FOUND_ID }] : [];
}

/** The bodies become the vertebrae that are analysed. */
export function openFound(context: Context): void {
  const { session, store } = context;
  if (!session.found || store.get().vertebrae.selected === FOUND_ID) return;
  freezeReview(context);
  patch(context, 'vertebrae', {
    selected: FOUND_ID,
    unused: undefined,
    reading: { status: 'ready', value: session.found.entries ?? [] },
  });
  void showFound(context, session.found.map);
}

/** Another source is chosen: the rows are kept for coming back. */
export function leaveFound(context: Context): void {
  const { session, store, ports } = context;
  if (!session.found || store.get().vertebrae.selected !== FOUND_ID) return;
  session.found.entries = entries(context);
  ports.bodyView.clear();
}

/** Forgets everything, for another CT. */
export function dropFound(context: Context): void {
  const { session, ports } = context;
  session.foundJob?.abort();
  session.found = undefined;
  ports.bodyView.clear();
  ports.clicks.stop();
}

/** Makes this the map of the session, in rows, viewports and state. @param changed labels whose voxels are new */
export async function showFound(context: Context, map: BodyMap, changed?: ReadonlySet<number>): Promise<void> {
  const { session, ports } = context;
  const { ct, found } = session;
  if (!ct || !found || session.disposed) return;
  if (changed || map.labelmap !== found.map.labelmap) found.extents = labelExtents(map.labelmap);
  takeMap(context, found, map, changed ?? new Set());
  try {
    await ports.bodyView.show(ct.displaySet, ct.series, map);
  } catch (error) {
    patch(context, 'find', { problem: toProblem(error) });
  }
}

/** Rows and state follow the map; the viewports show it already, or will. */
function takeMap(context: Context, found: FoundSession, map: BodyMap, changed: ReadonlySet<number>): void {
  const { session, store } = context;
  const before = store.get().vertebrae.selected === FOUND_ID ? entries(context) : (found.entries ?? []);
  found.map = map;
  session.bodies = map.labelmap;
  session.extents = found.extents;
  const value = withDuplicates(map.segments.map(segment => row(segment, before, map, found.extents, changed)));
  patch(context, 'vertebrae', { selected: FOUND_ID, reading: { status: 'ready', value } });
  const choices = store.get().vertebrae.choices.filter(({ id }) => id !== FOUND_ID);
  patch(context, 'vertebrae', { choices: [...choices, ...foundChoice(session)] });
  const { above, below } = nextBodies(map);
  const { asked, leftOut } = store.get().find;
  const known = levelsKnown(map);
  patch(context, 'find', {
    count: map.segments.length,
    levelsKnown: known,
    asked: map.segments.some(({ index }) => index === asked) ? asked : undefined,
    next: {
      above: above && { lps: above.lps, level: above.level },
      below: below && { lps: below.lps, level: below.level },
    },
    leftOut: leftOut.filter(({ centreLps }) => !map.segments.some(({ centroidLps }) => near(centroidLps, centreLps))),
    canUndo: found.undo.length > 0,
  });
  renameLesions(context, before, value);
}

function row(
  { index, level, origin, corrected }: BodyMap['segments'][number],
  before: readonly VertebraEntry[],
  { labelmap }: BodyMap,
  extents: ReadonlyMap<number, LabelExtent>,
  changed: ReadonlySet<number>
): VertebraEntry {
  const old = before.find(({ label }) => label === index);
  const problem = siteProblem(labelmap, index, level, extents);
  return {
    ...{ label: index, level, sourceName: old?.sourceName ?? level, problem },
    corrected,
    origin: origin === 'given' ? undefined : origin,
    included: old && !old.problem ? old.included : !problem,
    centreLps: extents.get(index)?.centreLps ?? [NaN, NaN, NaN],
    failure: old?.failure,
    analysis: old?.analysis && { ...old.analysis, level },
    stale: Boolean(old?.stale || (old?.analysis && changed.has(index))),
  };
}

/** Lesions are called after their vertebra. */
function renameLesions(context: Context, before: readonly VertebraEntry[], now: readonly VertebraEntry[]): void {
  const renamed = now.filter(({ label, level }) => {
    const old = before.find(entry => entry.label === label);
    return old && old.level !== level;
  });
  if (renamed.length === 0) return;
  takeEdits(context);
  renameInReview(context, Object.fromEntries(renamed.map(({ label, level }) => [label, level])));
}

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function takeBodyEdits(context: Context): void {
  const { session, ports, store } = context;
  const { found } = session;
  if (!found || session.disposed || store.get().vertebrae.selected !== FOUND_ID) return;
  const labels = ports.bodyView.read();
  if (!labels) return removedInViewer(context, found);
  const edited = editedBodies(found.map, labels);
  if (!edited) return;
  for (const label of edited.changed) session.editedInRun?.add(label);
  found.extents = labelExtents(edited.map.labelmap);
  takeMap(context, found, edited.map, edited.changed);
}

/** The user removed the whole segmentation from the viewer: it comes back with undo. */
function removedInViewer(context: Context, found: FoundSession): void {
  const { map } = found;
  if (map.segments.length === 0) return;
  const rows = entries(context);
  found.undo.push(() => {
    patch(context, 'vertebrae', { reading: { status: 'ready', value: rows } });
    void showFound(context, map);
  });
  takeMap(context, found, { ...map, segments: [] }, new Set());
}

/** Gives a vertebra another level; the first one given counts for all. */
export function relabelFound(context: Context, label: number, level: VertebraLevel): void {
  const { found } = context.session;
  if (!found) return;
  // One known level answers the question, whichever vertebra it was asked of.
  patch(context, 'find', { asked: undefined });
  void showFound(context, nameBody(found.map, label, level));
}

export function shiftFound(context: Context, steps: 1 | -1): void {
  const { found } = context.session;
  if (found) void showFound(context, shiftBodies(found.map, steps));
}

/** Erases a mask with the results that came of it. */
export function eraseFound(context: Context, label: number): void {
  const { session } = context;
  const { found } = session;
  const entry = entries(context).find(one => one.label === label);
  if (!found || !entry || session.run) return;
  takeEdits(context);
  const { map } = found;
  const restoreFindings = dropFindings(context, label);
  found.undo.push(() => {
    // Its lesions come back unless others were found or drawn meanwhile; then it is to be analysed again.
    const back = restoreFindings() ? entry : { ...entry, analysis: undefined };
    patch(context, 'vertebrae', { reading: { status: 'ready', value: [...entries(context), back] } });
    void showFound(context, restoreBody(found.map, map, label));
  });
  void showFound(context, removeBodies(map, [label]));
}

/** Takes back the last click, search or erasing. */
export function undoFound(context: Context): void {
  const { session } = context;
  if (session.run || session.foundJob) return;
  session.found?.undo.pop()?.();
  patch(context, 'find', { problem: undefined, canUndo: (session.found?.undo.length ?? 0) > 0 });
}

function near(a: readonly number[], b: readonly number[]): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < SAME_PLACE_MM;
}

/** A body within this distance of a place left out fills it. */
const SAME_PLACE_MM = 12;
