/** What the user looks at: a vertebra of the strip and one of its candidates; and the way to the next. */
import type { CandidateKey } from '../../core/review';
import { type CandidateRow, candidateRows, shortList } from './candidates';
import type { PanelState } from './state';
import { type StripOrder, stripRows } from './vertebraRows';

export interface Focus {
  /** Of the vertebra's mask. */
  readonly label?: number;
  readonly key?: CandidateKey;
  /** Candidates of the vertebra that the next decision is about, instead of the one looked at. */
  readonly ticked: readonly CandidateKey[];
}

export const initialFocus: Focus = { ticked: [] };

/** What a decision is about: the ticked candidates, else the one looked at. */
export function chosenKeys({ key, ticked }: Focus): readonly CandidateKey[] {
  if (ticked.length > 0) return ticked;
  return key === undefined ? [] : [key];
}

export interface FocusActions {
  setOrder(order: StripOrder): void;
  /** Outlines candidates in the viewports, or not. */
  setOutlines(shown: boolean): void;
  /** Shows a vertebra in all viewports and in the panel. */
  goToVertebra(label: number): void;
  /** Back to the overview of all vertebrae. */
  closeVertebra(): void;
  /** Shows a candidate in all viewports and in the panel. */
  goToCandidate(row: Pick<CandidateRow, 'key' | 'pointLps'>): void;
  /** Ticks a candidate of the vertebra looked at, or unticks it. */
  tick(key: CandidateKey): void;
  /** The next (1) or previous (-1) vertebra in the order of the strip; wraps around. */
  nextVertebra(step: 1 | -1): void;
  /** The next (1) or previous (-1) candidate of the list, on into the neighbouring vertebra. */
  nextCandidate(step: 1 | -1): void;
}

/** The vertebra that a step leads to; undefined when there is none. */
export function neighbourVertebra(state: PanelState, step: 1 | -1): number | undefined {
  const labels = stripRows(state).map(({ label }) => label);
  if (labels.length === 0) return undefined;
  const at = labels.indexOf(state.focus.label ?? NaN);
  if (at < 0) return labels[step > 0 ? 0 : labels.length - 1];
  return labels[(at + step + labels.length) % labels.length];
}

/** The candidate that a step leads to, from vertebra to vertebra in the order of the strip; undefined when there is none. */
export function neighbourCandidate(state: PanelState, step: 1 | -1): CandidateRow | undefined {
  const labels = stripRows(state).map(({ label }) => label);
  const { label, key } = state.focus;
  const here = Math.max(0, labels.indexOf(label ?? NaN));
  const ownRows = listed(state, labels[here]);
  const at = ownRows.findIndex(row => row.key === key);
  const next = at < 0 ? Math.min(step, 0) : at + step;
  if (ownRows[next]) return ownRows[next];
  for (let n = 1; n <= labels.length; n++) {
    const rows = listed(state, labels[(here + n * step + n * labels.length) % labels.length]);
    if (rows.length > 0) return rows[step > 0 ? 0 : rows.length - 1];
  }
  return undefined;
}

/** What the list of a vertebra opens with. */
function listed({ review: { present }, focus }: PanelState, label: number): readonly CandidateRow[] {
  const findings = present.findings.find(one => one.label === label);
  return findings ? shortList(candidateRows(findings, present), focus.key) : [];
}
