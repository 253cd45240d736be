/** Worksheets belong to a vertebra, not to its name: when a level is corrected they go along. */
import type { PanelState, Worksheets } from '../../../ui';

/** Level of each mask, and of which masks. */
export interface Levels {
  readonly source: string | undefined;
  readonly byLabel: ReadonlyMap<number, string>;
}

/** Undefined while no masks are open. */
export function levelsOf({
  reading,
  selected,
}: Pick<PanelState['vertebrae'], 'reading' | 'selected'>): Levels | undefined {
  if (reading.status !== 'ready') return undefined;
  return { source: selected, byLabel: new Map(reading.value.map(({ label, level }) => [label, level])) };
}

/**
 * The sheets under their vertebrae's new names; the same object when no name changed. Location follows from the level, so a moved
 * sheet has it open again.
 */
export function movedWorksheets(worksheets: Worksheets, before: Levels, now: Levels): Worksheets {
  if (before.source !== now.source) return worksheets;
  const names = new Map<string, string>();
  for (const [label, level] of before.byLabel) {
    const current = now.byLabel.get(label);
    if (current !== undefined && current !== level) names.set(level, current);
  }
  if (!Object.keys(worksheets).some(level => names.has(level))) return worksheets;
  const kept = Object.entries(worksheets).filter(([level]) => !names.has(level));
  const moved = Object.entries(worksheets).flatMap(([level, sheet]) => {
    const name = names.get(level);
    if (!name || !sheet) return [];
    const answers = Object.fromEntries(Object.entries(sheet.answers).filter(([field]) => field !== 'location'));
    return [[name, { ...sheet, answers }] as const];
  });
  return Object.fromEntries([...kept, ...moved]);
}
