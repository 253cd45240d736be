/** The way to the next vertebra or candidate. */
import { type CandidateRow, candidateRows, shortList } from './candidates';
import type { PanelState } from './state';
import { vertebraListRows } from './vertebraList';

/** The vertebra that a step leads to; undefined when there is none. */
export function neighbourVertebra(state: PanelState, step: 1 | -1): number | undefined {
  const labels = vertebraListRows(state).map(({ label }) => label);
  if (labels.length === 0) return undefined;
  const at = labels.indexOf(state.focus.label ?? NaN);
  if (at < 0) return labels[step > 0 ? 0 : labels.length - 1];
  return labels[(at + step + labels.length) % labels.length];
}

/** The candidate that a step leads to, from vertebra to vertebra in the order of the list; undefined when there is none. */
export function neighbourCandidate(state: PanelState, step: 1 | -1): CandidateRow | undefined {
  const labels = vertebraListRows(state).map(({ label }) => label);
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
