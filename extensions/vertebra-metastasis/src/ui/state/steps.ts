/** The way to the next vertebra, and through the slices of a lesion. */
import { type CandidateRow, candidateRows } from './candidates';
import { focusedLesion } from './lesions';
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

/** The next vertebra in the order of the list that was analysed and that nobody has finished with; the one in focus comes last. */
export function nextUnreviewed(state: PanelState): number | undefined {
  const rows = vertebraListRows(state);
  const at = rows.findIndex(({ label }) => label === state.focus.label);
  const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return order.find(({ status }) => status === 'screened' || status === 'analysed' || status === 'outdated')?.label;
}

/** The region that a step leads to: through the slices of the lesion in focus, from end to end; undefined without one. */
export function neighbourCandidate(state: PanelState, step: 1 | -1): CandidateRow | undefined {
  const lesion = focusedLesion(state);
  const { review, focus } = state;
  const findings = review.present.findings.find(({ label }) => label === (lesion?.vertebraLabel ?? focus.label));
  if (!lesion || !findings) return undefined;
  const keys = lesion.slices.flatMap(({ candidates }) => candidates);
  const at = keys.indexOf(focus.key ?? '');
  const next = at < 0 ? keys[0] : keys[at + step];
  return candidateRows(findings, review.present).find(({ key }) => key === next);
}
