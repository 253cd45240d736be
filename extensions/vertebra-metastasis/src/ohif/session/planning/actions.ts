/** Worksheets for planner and report: proposals from the CT, answers from a person. */
import {
  hasLesion,
  levelPlans,
  type SearchedBody,
  type SinsAnswer,
  type SinsField,
  unsearchedVoxels,
} from '../../../core';
import { NO_WORKSHEET, type Worksheet } from '../../../ui';
import { emptyMap } from '../../segmentation/lesionMap';
import type { App, Context } from '../context';
import { projectionOf } from '../review/show';
import { currentReview } from '../review/state';
import type { SessionState } from '../store';
import { coverages } from '../vertebrae/coverage';
import { vertebraRowsOf } from '../vertebrae/state';
import { watch } from '../watch';
import { type Levels, levelsOf, movedWorksheets } from './worksheetLevels';

/** Makes the proposals anew when the burden was measured and the report is looked at. @returns a function that stops */
export function watchPlans(app: App): () => void {
  return watch(
    app,
    ({ session: { burden }, preferences: { tab } }) =>
      tab === 'report' && burden.result.status === 'ready' ? [burden.result.value] : undefined,
    ({ session }) => {
      const { ct, burden, review, vertebrae: masks } = session.state;
      if (!ct.series || burden.result.status !== 'ready') return;
      const affected = burden.result.value.burden.levels.filter(hasLesion);
      const lesions = (review.lesions ?? emptyMap(ct.series)).labelmap;
      const vertebrae = vertebraRowsOf(session.state).map(({ label, level }) => ({ label, level }));
      const bodies = masks.bodies?.labelmap;
      const searched = searchedBodies(session.state);
      session.patch('planning', { plans: levelPlans({ bodies, lesions, vertebrae, affected, searched }) });
    }
  );
}

/** Of what a file says without its slices it is known where it was searched when that was everywhere. */
function searchedBodies(state: SessionState): ReadonlyMap<number, SearchedBody> {
  const bodies = new Map<number, SearchedBody>();
  for (const { label, searchedSlices: slices, screenedSlices, notAnalysedMillilitres } of coverages(state)) {
    const everywhere = notAnalysedMillilitres === 0 && screenedSlices === 0;
    if (everywhere) bodies.set(label, { slices, unsearched: new Set() });
  }
  for (const findings of state.review.pending ? [] : currentReview(state).findings) {
    const projection = projectionOf(state, findings);
    if (!projection) continue;
    bodies.set(findings.label, {
      slices: findings.slices.length,
      unsearched: unsearchedVoxels(projection),
    });
  }
  return bodies;
}

/** A worksheet goes along when its vertebra is renamed. @returns a function that stops */
export function watchLevels(app: App): () => void {
  let before: { readonly levels: Levels; readonly ct: unknown } | undefined;
  return watch(
    app,
    ({ session: { ct, vertebrae } }) => [ct.series, vertebrae.reading, vertebrae.selected],
    ({ session }) => {
      const { ct, vertebrae } = session.state;
      const levels = levelsOf(vertebrae);
      if (!levels) return;
      const last = before?.ct === ct.series ? before?.levels : undefined;
      before = { levels, ct: ct.series };
      if (!last) return;
      const { worksheets } = session.state.planning;
      const moved = movedWorksheets(worksheets, last, levels);
      if (moved !== worksheets) session.patch('planning', { worksheets: moved });
    }
  );
}

export function showWorksheet({ session }: Context, level: string): void {
  session.patch('planning', { level });
}

/** Sets or resets one field; like an edit, it waits to be saved. */
export function setSins(context: Context, level: string, field: SinsField, answer: SinsAnswer | undefined): void {
  changeWorksheet(context, level, ({ answers, ...rest }) => {
    const others = Object.fromEntries(Object.entries(answers).filter(([name]) => name !== field));
    return { ...rest, answers: answer === undefined ? others : { ...others, [field]: answer } };
  });
}

export function setSectors(context: Context, level: string, sectors: Worksheet['sectors']): void {
  const sorted = sectors && [...sectors].sort((a, b) => a - b);
  changeWorksheet(context, level, ({ answers }) => (sorted ? { answers, sectors: sorted } : { answers }));
}

function changeWorksheet({ session }: Context, level: string, change: (sheet: Worksheet) => Worksheet): void {
  session.patch('planning', ({ worksheets }) => ({
    worksheets: { ...worksheets, [level]: change(worksheets[level] ?? NO_WORKSHEET) },
  }));
}
