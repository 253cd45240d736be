/** The list of lesions: its order, what is selected in it, and the way to what is still to be decided. */
import type { Focus } from './focus';
import type { LesionColumn, LesionOrder } from './lesionOrder';
import type { LesionResult, LesionRow } from './values';

const VALUE: Readonly<Record<Exclude<LesionColumn, 'name'>, (row: LesionRow) => number | undefined>> = {
  size: ({ diameters }) => diameters?.longestAxialMm,
  volume: ({ millilitres }) => millilitres,
  hu: ({ huMean }) => huMean,
  score: ({ score }) => score,
  slices: ({ slices }) => (slices.length > 0 ? slices.length : undefined),
};

/** Stable; what has no value comes last, whichever way. */
export function orderedLesions(rows: readonly LesionRow[], { by, descending }: LesionOrder): LesionRow[] {
  const direction = descending ? -1 : 1;
  if (by === 'name') return descending ? [...rows].reverse() : [...rows];
  const value = VALUE[by];
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return direction * (x - y);
  });
}

/** Nobody has decided about it, and nobody drew it. */
export const isUndecided = ({ verdict, drawn }: LesionRow): boolean => verdict === undefined && !drawn;

/** Folded away together: undecided, and more speaks against it than for it. */
export const isSetAside = (row: LesionRow): boolean => row.doubted && isUndecided(row);

/** Of PanelState. */
interface Sources {
  readonly lesions?: Pick<LesionResult, 'rows' | 'rejected'>;
  readonly lesionOrder: LesionOrder;
  readonly focus: Focus;
}

/** As they stand in the list: those to decide on and decided, the doubted, the rejected. */
export function listedLesions({ lesions, lesionOrder }: Pick<Sources, 'lesions' | 'lesionOrder'>) {
  const rows = orderedLesions(lesions?.rows ?? [], lesionOrder);
  return {
    lesions: rows.filter(row => !isSetAside(row)),
    doubted: rows.filter(isSetAside),
    rejected: orderedLesions(lesions?.rejected ?? [], lesionOrder),
  };
}

function allListed(state: Sources): LesionRow[] {
  const { lesions, doubted, rejected } = listedLesions(state);
  return [...lesions, ...doubted, ...rejected];
}

/** The lesion in focus; after a change of its parts the one that holds the region in focus. */
export function focusedLesion(state: Sources): LesionRow | undefined {
  const { lesion, key } = state.focus;
  const rows = [...(state.lesions?.rows ?? []), ...(state.lesions?.rejected ?? [])];
  return (
    rows.find(({ id }) => id === lesion) ??
    rows.find(({ slices }) => key !== undefined && slices.some(({ candidates }) => candidates.includes(key)))
  );
}

/** What a decision is about: the selected lesions, else the one in focus. */
export function chosenLesions(state: Sources): readonly LesionRow[] {
  const { selected } = state.focus;
  if (selected.length > 0) return allListed(state).filter(({ id }) => selected.includes(id));
  return [focusedLesion(state)].flatMap(row => row ?? []);
}

/** All lesions from one row of the list to another. */
export function lesionRange(state: Sources, from: string | undefined, to: string): string[] {
  const ids = allListed(state).map(({ id }) => id);
  const [a, b] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)];
  return a < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** The next or previous lesion of the list; wraps around. */
export function neighbourLesion(state: Sources, step: 1 | -1): LesionRow | undefined {
  const rows = allListed(state);
  const at = rows.findIndex(({ id }) => id === focusedLesion(state)?.id);
  if (at < 0) return step > 0 ? rows[0] : rows.at(-1);
  return rows[(at + step + rows.length) % rows.length];
}

/** The next undecided lesion after the one in focus, in the order of the list; wraps around; undefined when all are decided. */
export function nextUndecided(state: Sources, without: readonly string[] = []): LesionRow | undefined {
  const rows = allListed(state);
  const at = rows.findIndex(({ id }) => id === focusedLesion(state)?.id);
  const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return order.find(row => isUndecided(row) && !without.includes(row.id));
}

/** Undecided lesions of one vertebra. */
export function openLesions({ lesions }: Pick<Sources, 'lesions'>, label: number): number {
  return (lesions?.rows ?? []).filter(row => row.vertebraLabel === label && isUndecided(row)).length;
}

/** The slice of a lesion that tells most: the one with the largest score. */
export function tellingSlice({ slices }: Pick<LesionRow, 'slices'>): LesionRow['slices'][number] | undefined {
  return slices.reduce<LesionRow['slices'][number] | undefined>(
    (best, one) => (best === undefined || one.score > best.score ? one : best),
    undefined
  );
}

export const lesionMillilitresOf = (rows: readonly LesionRow[]): number =>
  rows.reduce((sum, { millilitres }) => sum + millilitres, 0);
