/** The rows of the vertebra list, whatever source they come from. */
import {
  InputError,
  type LabelExtent,
  type Labelmap,
  levelOrder,
  patchSite,
  type PatchSpec,
  unanalysable,
  type VertebraLevel,
} from '../../../core';
import type { Problem, VertebraEntry } from '../../../ui';
import { toProblem } from '../../problems';
import type { Context } from '../context';
import { type VertebraeSlice, vertebraRowsOf } from './state';

/** The published model's patches, for checks made before a model is loaded. */
const PUBLISHED_SPEC: PatchSpec = {
  size: 64,
  spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
};

const DUPLICATE = 'duplicate-level';

/** Two masks of one name cannot be told apart in the results: neither is analysed until one is corrected. */
export function withDuplicates(list: readonly VertebraEntry[]): VertebraEntry[] {
  const named = [...list].sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || a.label - b.label);
  return named.map(entry => {
    const twins = list.filter(({ level }) => level === entry.level);
    if (twins.length < 2 || entry.problem) return entry;
    const error = new InputError(DUPLICATE, { names: twins.map(({ sourceName }) => sourceName), level: entry.level });
    return { ...entry, problem: toProblem(error) };
  });
}

export function changeRow({ session }: Context, label: number, change: (row: VertebraEntry) => VertebraEntry): void {
  session.patch('vertebrae', ({ reading }): Partial<VertebraeSlice> => {
    if (reading.status !== 'ready') return {};
    const value = reading.value.map(row => (row.label === label ? change(row) : row));
    return { reading: { status: 'ready', value } };
  });
}

/** Why this body cannot be analysed, in the words of the analysis itself. */
export function siteProblem(
  bodies: Labelmap | undefined,
  label: number,
  level: VertebraLevel,
  extents?: ReadonlyMap<number, LabelExtent>
): Problem | undefined {
  if (unanalysable(level)) return toProblem(new InputError('no-body', { level }));
  if (!bodies) return undefined;
  try {
    patchSite(bodies, label, PUBLISHED_SPEC, extents);
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
}

/** Calls vertebrae by other levels, what was found in them as well. @param levels by label */
export function renameRows({ session }: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const { bodies } = session.state.vertebrae;
  const renamed = vertebraRowsOf(session.state).map(row => {
    const level = levels[row.label];
    return level ? { ...row, level, analysis: row.analysis && { ...row.analysis, level } } : row;
  });
  const checked = renamed.map(row => {
    const unsure = row.label in levels || row.problem?.code === DUPLICATE;
    return unsure ? { ...row, problem: siteProblem(bodies?.labelmap, row.label, row.level) } : row;
  });
  session.patch('vertebrae', { reading: { status: 'ready', value: withDuplicates(checked) } });
}
