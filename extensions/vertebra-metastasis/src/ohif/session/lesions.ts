/** The lesion segmentation of this session: shown in the viewports, edited by hand. */
import { addStroke, advance, amend, emptyReview, type ReviewState, startHistory } from '../../core';
import type { LesionResult, Saving } from '../../ui';
import { type LesionMap, withSegmentFor } from '../segmentation/lesionMap';
import { toProblem } from '../problems';
import { strokeBetween } from '../segmentation/reviewMap';
import type { Context, Session } from './context';
import { modelRulesOf } from './review';
import { composedMap, publish } from './reviewView';
import { establish, resolver } from './storedReview';

/** Makes this map the current one, in the panel and in the viewports. */
export async function showLesions(
  context: Context,
  map: LesionMap,
  origin: LesionResult['origin'],
  saving: Saving = { status: 'unsaved' }
): Promise<void> {
  const { session, store, ports } = context;
  const { ct } = session;
  if (!ct || session.disposed) return;
  const painted = session.paintTarget && withSegmentFor(map, session.paintTarget);
  const shown = painted?.map ?? map;
  session.lesions = map;
  session.shownLesions = shown;
  session.takenLabels = map.labelmap.labels;
  session.unnamedSegments = [];
  store.update(state => ({
    ...state,
    lesionsProblem: undefined,
    lesions: lesionResult(map, origin, saving, decided(context)),
  }));
  try {
    await ports.view.show(ct.displaySet, ct.series, shown);
    if (painted) ports.view.activate(painted.index);
  } catch (error) {
    store.update(state => ({ ...state, lesionsProblem: toProblem(error) }));
  }
}

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function takeEdits(context: Context): void {
  const { session, store, ports } = context;
  const { shownLesions, takenLabels } = session;
  if (!shownLesions || !takenLabels || shownLesions.segments.length === 0 || session.disposed) return;
  const labels = ports.view.read();
  if (!labels) return forgetLesions(context);
  const nameOf = (index: number) => ports.view.nameOf(index);
  const edit = strokeBetween(takenLabels, labels, shownLesions, nameOf, resolver(context));
  session.unnamedSegments = edit?.unnamed ?? [];
  if (!edit) return;
  session.takenLabels = edit.taken;
  establish(context);
  takeStroke(session, addStroke(session.review.present, edit.stroke), ports.view.presses());
  publish(context);
  const map = composedMap(context);
  if (!map) return;
  session.lesions = map;
  store.update(state => ({
    ...state,
    lesions: lesionResult(map, state.lesions?.origin ?? 'analysis', { status: 'unsaved' }, decided(context)),
  }));
}

/** One press is one step, in however many parts the viewer tells of it. */
function takeStroke(session: Session, next: ReviewState, press: number): void {
  const before = session.review.present;
  const goesOn = session.stroke?.press === press && session.stroke.state === before;
  session.review = (goesOn ? amend : advance)(session.review, next);
  session.stroke = { press, state: next };
}

/** The user removed the segmentation from the viewer. */
function forgetLesions(context: Context): void {
  const { session, store } = context;
  session.review = startHistory({ ...emptyReview, rules: modelRulesOf(session) });
  publish(context);
  session.lesions = session.shownLesions = session.takenLabels = undefined;
  session.unnamedSegments = [];
  store.update(state => ({ ...state, lesions: undefined }));
}

function lesionResult(
  { segments }: LesionMap,
  origin: LesionResult['origin'],
  saving: Saving,
  decided: boolean
): LesionResult {
  return {
    origin,
    saving,
    rows: segments.map(({ index, level, kind, voxels, millilitres, score }) => ({
      ...{ index, level, kind, voxels, millilitres, score },
    })),
    algorithmType: !decided && segments.every(one => one.algorithmType === 'AUTOMATIC') ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
  };
}

/** A rejection can leave only segments nobody touched; the result as a whole is no longer automatic. */
function decided({ session }: Context): boolean {
  return Object.keys(session.review.present.decisions).length > 0;
}
