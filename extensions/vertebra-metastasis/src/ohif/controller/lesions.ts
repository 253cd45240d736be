/** The lesion segmentation of this session: shown in the viewports, edited by hand. */
import type { Labelmap } from '../../core';
import type { LesionResult, Saving } from '../../ui';
import { editedMap, type LesionMap } from '../lesionMap';
import { toProblem } from '../problems';
import type { Context } from './context';

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
  session.lesions = session.shownLesions = map;
  session.takenLabels = map.labelmap.labels;
  session.unnamedSegments = [];
  store.update(state => ({ ...state, lesionsProblem: undefined, lesions: lesionResult(map, origin, saving) }));
  try {
    await ports.view.show(ct.displaySet, ct.series, map);
  } catch (error) {
    store.update(state => ({ ...state, lesionsProblem: toProblem(error) }));
  }
}

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function takeEdits({ session, store, ports }: Context): void {
  const { shownLesions, takenLabels } = session;
  if (!shownLesions || !takenLabels || session.disposed) return;
  const labels = ports.view.read();
  if (!labels) return forgetLesions({ session, store, ports });
  if (same(labels, takenLabels)) return;
  const { map, unnamed } = editedMap(shownLesions, labels, index => ports.view.nameOf(index), session.lesions);
  session.takenLabels = labels;
  session.lesions = map;
  session.unnamedSegments = unnamed;
  store.update(state => ({
    ...state,
    lesions: lesionResult(map, state.lesions?.origin ?? 'analysis', { status: 'unsaved' }),
  }));
}

/** The user removed the segmentation from the viewer. */
function forgetLesions({ session, store }: Context): void {
  session.lesions = session.shownLesions = session.takenLabels = undefined;
  session.unnamedSegments = [];
  store.update(state => ({ ...state, lesions: undefined }));
}

function lesionResult({ segments }: LesionMap, origin: LesionResult['origin'], saving: Saving): LesionResult {
  return {
    origin,
    saving,
    rows: segments.map(({ index, level, kind, voxels, millilitres, score }) => ({
      ...{ index, level, kind, voxels, millilitres, score },
    })),
    algorithmType: segments.every(({ algorithmType }) => algorithmType === 'AUTOMATIC') ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
  };
}

function same(a: Labelmap['labels'], b: Labelmap['labels']): boolean {
  return a.length === b.length && a.every((label, at) => label === b[at]);
}
