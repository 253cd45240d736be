/** Worksheets for planner and report: proposals from the CT, answers from a person. */
import { z } from 'zod';
import { levelPlans, type SinsAnswer, type SinsField, SINS_FIELDS, SINS_POINTS } from '../../core';
import { NO_WORKSHEET, type Planning, type Worksheet, type Worksheets } from '../../ui';
import { emptyMap } from '../segmentation/lesionMap';
import type { Context } from './context';
import { entries } from './vertebrae';
import { type Levels, levelsOf, movedWorksheets } from './worksheetLevels';

/** Makes the proposals anew when the burden was measured and the report is looked at. @returns a function that stops */
export function watchWorksheets(context: Context): () => void {
  let planned: unknown;
  let levels: Levels | undefined;
  return context.store.subscribe(() => {
    const { session, store } = context;
    const before = levels;
    levels = levelsOf(store.get()) ?? before;
    if (before && levels && before !== levels) followLevels(context, before, levels);
    const { tab, burden } = store.get();
    if (tab !== 'report' || burden.status !== 'ready' || burden.value === planned || session.disposed) return;
    planned = burden.value;
    const { bodies, ct } = session;
    if (!ct) return;
    const affected = burden.value.burden.levels.filter(({ lytic, blastic }) => lytic || blastic);
    const lesions = (session.lesions ?? emptyMap(ct.series)).labelmap;
    const vertebrae = entries(context).map(({ label, level }) => ({ label, level }));
    patchPlanning(context, { plans: levelPlans({ bodies, lesions, vertebrae, affected }) });
  });
}

function followLevels(context: Context, before: Levels, now: Levels): void {
  const { worksheets } = context.store.get().planning;
  const moved = movedWorksheets(worksheets, before, now);
  if (moved !== worksheets) patchPlanning(context, { worksheets: moved });
}

function patchPlanning({ store }: Context, change: Partial<Planning>): void {
  store.update(state => ({ ...state, planning: { ...state.planning, ...change } }));
}

export const showWorksheet = (context: Context, level: string): void => patchPlanning(context, { level });

/** Sets or opens one field; like an edit, it waits to be saved. */
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

function changeWorksheet({ store }: Context, level: string, change: (sheet: Worksheet) => Worksheet): void {
  store.update(state => {
    const { worksheets } = state.planning;
    const changed = { ...worksheets, [level]: change(worksheets[level] ?? NO_WORKSHEET) };
    const lesions = state.lesions && { ...state.lesions, saving: { status: 'unsaved' as const } };
    return { ...state, lesions, planning: { ...state.planning, worksheets: changed } };
  });
}

/** Worksheets as a stored result holds them; what another version wrote and cannot be read is left out. */
export function readWorksheets(state: unknown): Worksheets {
  const parsed = savedSchema.safeParse(state);
  return parsed.success ? parsed.data.worksheets : {};
}

const answersSchema = z
  .object(
    Object.fromEntries(
      SINS_FIELDS.map(field => [field, z.enum(Object.keys(SINS_POINTS[field]) as [string, ...string[]]).optional()])
    )
  )
  .strict();
const sectorSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6)]);
const savedSchema = z.object({
  worksheets: z.record(
    z.string(),
    z.object({ answers: answersSchema as z.ZodType<Worksheet['answers']>, sectors: z.array(sectorSchema).optional() })
  ),
});
