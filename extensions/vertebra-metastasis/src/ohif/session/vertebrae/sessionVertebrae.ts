/** The bodies segmented in this session: shown in the viewports, listed as vertebrae, corrected, erased, undone. */
import { type LabelExtent, labelExtents, type VertebraLevel } from '../../../core';
import { SESSION_VERTEBRAE_ID, type VertebraEntry } from '../../../ui';
import { toProblem } from '../../problems';
import {
  type BodyMap,
  editedBodies,
  nameBody,
  removeBodies,
  restoreBody,
  shiftBodies,
} from '../../segmentation/sessionBodies';
import type { Context } from '../context';
import { readableCt } from '../ct/state';
import { dropFindings, renameInReview } from '../review/commit';
import { detachReview } from '../review/restore';
import { siteProblem, withDuplicates } from './rows';
import { type SessionVertebrae, usesSessionVertebrae, vertebraRowsOf, type VertebraeSlice } from './state';

export function patchFind({ session }: Context, change: Partial<VertebraeSlice['find']>): void {
  session.patch('vertebrae', ({ find }) => ({ find: { ...find, ...change } }));
}

/** The bodies become the vertebrae that are analysed. */
export function openSessionVertebrae(context: Context): void {
  const { session: own } = context.session.state.vertebrae;
  if (!own || usesSessionVertebrae(context.session.state)) return;
  context.session.update(state => ({
    review: detachReview(state),
    vertebrae: {
      ...state.vertebrae,
      bodies: undefined,
      selected: SESSION_VERTEBRAE_ID,
      unused: undefined,
      reading: { status: 'ready', value: own.rows ?? [] },
    },
  }));
  void showBodies(context, own.map);
}

/** Another source is chosen: the rows are kept for coming back. */
export function leaveSessionVertebrae({ session, ports }: Context): void {
  const { state } = session;
  const { session: own } = state.vertebrae;
  if (!own || !usesSessionVertebrae(state)) return;
  session.patch('vertebrae', { session: { ...own, rows: vertebraRowsOf(state) } });
  ports.bodyView.clear();
}

/**
 * Makes this the map of the session, in rows, viewports and state.
 * @param added a step back, and the largest index given, when bodies were added
 * @param changed labels whose voxels are new
 */
export async function showBodies(
  context: Context,
  map: BodyMap,
  changed?: ReadonlySet<number>,
  added: Partial<Pick<SessionVertebrae, 'undo' | 'lastIndex'>> = {}
): Promise<void> {
  const { session, ports } = context;
  const ct = readableCt(session.state);
  const { session: own } = session.state.vertebrae;
  if (!ct || !own || session.closed) return;
  const extents = changed || map.labelmap !== own.map.labelmap ? labelExtents(map.labelmap) : own.extents;
  takeMap(context, { ...own, ...added, map, extents }, changed ?? new Set());
  try {
    await ports.bodyView.show(ct.displaySet, ct.series, map);
  } catch (error) {
    patchFind(context, { problem: toProblem(error) });
  }
}

/** Rows and state follow the map; the viewports show it already, or will. */
function takeMap(context: Context, own: SessionVertebrae, changed: ReadonlySet<number>): void {
  const { session } = context;
  const { map, extents } = own;
  const before = usesSessionVertebrae(session.state) ? vertebraRowsOf(session.state) : (own.rows ?? []);
  const value = withDuplicates(map.segments.map(segment => rowOf(segment, before, map, extents, changed)));
  session.patch(
    'vertebrae',
    ({ find }): Partial<VertebraeSlice> => ({
      session: own,
      bodies: { labelmap: map.labelmap, extents },
      selected: SESSION_VERTEBRAE_ID,
      reading: { status: 'ready', value },
      find: {
        ...find,
        asked: map.segments.some(({ index }) => index === find.asked) ? find.asked : undefined,
        excluded: find.excluded.filter(
          ({ centreLps }) => !map.segments.some(({ centroidLps }) => near(centroidLps, centreLps))
        ),
      },
    })
  );
  renameLesions(context, before, value);
}

function rowOf(
  { index, level, origin, corrected }: BodyMap['segments'][number],
  before: readonly VertebraEntry[],
  { labelmap }: BodyMap,
  extents: ReadonlyMap<number, LabelExtent>,
  changed: ReadonlySet<number>
): VertebraEntry {
  const old = before.find(({ label }) => label === index);
  const problem = siteProblem(labelmap, index, level, extents);
  return {
    label: index,
    level,
    sourceName: old?.sourceName ?? level,
    problem,
    corrected,
    origin: origin === 'given' ? undefined : origin,
    included: old && !old.problem ? old.included : !problem,
    centreLps: extents.get(index)?.centreLps ?? [NaN, NaN, NaN],
    failure: old?.failure,
    analysis: old?.analysis && { ...old.analysis, level },
    outdated: Boolean(old?.outdated || (old?.analysis && changed.has(index))),
  };
}

/** Lesions are called after their vertebra. */
function renameLesions(context: Context, before: readonly VertebraEntry[], now: readonly VertebraEntry[]): void {
  const renamed = now.filter(({ label, level }) => {
    const old = before.find(row => row.label === label);
    return old && old.level !== level;
  });
  if (renamed.length === 0) return;
  renameInReview(context, Object.fromEntries(renamed.map(({ label, level }) => [label, level])));
}

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function syncBodyEditsFromViewer(context: Context): void {
  const { session, ports } = context;
  const { session: own } = session.state.vertebrae;
  if (!own || session.closed || !usesSessionVertebrae(session.state) || !ports.bodyView.changed()) return;
  const labels = ports.bodyView.read();
  if (!labels) return removedInViewer(context, own);
  const edited = editedBodies(own.map, labels);
  if (!edited) return;
  for (const label of edited.changed) session.state.run.job?.edited.add(label);
  takeMap(context, { ...own, map: edited.map, extents: labelExtents(edited.map.labelmap) }, edited.changed);
}

/** The user removed the whole segmentation from the viewer: it comes back with undo. */
function removedInViewer(context: Context, own: SessionVertebrae): void {
  const { session } = context;
  const { map } = own;
  if (map.segments.length === 0) return;
  const rows = vertebraRowsOf(session.state);
  const putBack = () => {
    session.patch('vertebrae', { reading: { status: 'ready', value: rows } });
    void showBodies(context, map);
  };
  takeMap(context, { ...own, map: { ...map, segments: [] }, undo: [...own.undo, putBack] }, new Set());
}

/** Gives a vertebra another level; the first one given counts for all. */
export function relabelInSession(context: Context, label: number, level: VertebraLevel): void {
  const { session: own } = context.session.state.vertebrae;
  if (!own) return;
  // One known level answers the question, whichever vertebra it was asked of.
  patchFind(context, { asked: undefined });
  void showBodies(context, nameBody(own.map, label, level));
}

export function shiftInSession(context: Context, steps: number): void {
  const { session: own } = context.session.state.vertebrae;
  if (own) renameBodies(context, own, shiftBodies(own.map, steps));
}

/** Names can be taken back as clicks can. */
function renameBodies(context: Context, own: SessionVertebrae, map: BodyMap): void {
  const levels = new Map(own.map.segments.map(({ index, level }) => [index, level]));
  if (map.segments.every(({ index, level }) => levels.get(index) === level)) return;
  const putBack = () => {
    const { session: now } = context.session.state.vertebrae;
    if (!now) return;
    const segments = now.map.segments.map(one => ({ ...one, level: levels.get(one.index) ?? one.level }));
    void showBodies(context, { ...now.map, segments });
  };
  void showBodies(context, map, undefined, { undo: [...own.undo, putBack] });
}

/** Erases a mask with the results that came of it. */
export function eraseBody(context: Context, label: number): void {
  const { session } = context;
  const { session: own } = session.state.vertebrae;
  const row = vertebraRowsOf(session.state).find(one => one.label === label);
  if (!own || !row || session.state.run.job) return;
  const { map } = own;
  const restoreFindings = dropFindings(context, label);
  const putBack = () => {
    const { session: now } = session.state.vertebrae;
    if (!now) return;
    session.patch('vertebrae', { reading: { status: 'ready', value: [...vertebraRowsOf(session.state), row] } });
    // The body first: place and flags of its lesions are measured within it.
    void showBodies(context, restoreBody(now.map, map, label));
    // Its lesions come back unless others were found or drawn meanwhile; then it is to be analysed again.
    if (restoreFindings()) return;
    const value = vertebraRowsOf(session.state).map(one =>
      one.label === label ? { ...one, analysis: undefined } : one
    );
    session.patch('vertebrae', { reading: { status: 'ready', value } });
  };
  void showBodies(context, removeBodies(map, [label]), undefined, { undo: [...own.undo, putBack] });
}

/** Takes back the last click, search or erasing. */
export function undoBodies(context: Context): void {
  const { session } = context;
  const { session: own, job } = session.state.vertebrae;
  if (session.state.run.job || job) return;
  patchFind(context, { problem: undefined });
  const last = own?.undo.at(-1);
  if (!own || !last) return;
  session.patch('vertebrae', { session: { ...own, undo: own.undo.slice(0, -1) } });
  last();
}

function near(a: readonly number[], b: readonly number[]): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < SAME_PLACE_MM;
}

/** A body within this distance of an excluded place fills it. */
const SAME_PLACE_MM = 12;
