/** What the user has selected, in the panel and in the viewports. */
import { type CandidateKey, labelOfKey } from '../../../core';
import { type FocusActions, initialFocus, neighbourCandidate, neighbourVertebra, type PanelState } from '../../../ui';
import type { Context } from '../context';
import { vertebraRowsOf } from '../vertebrae/state';

export function goToVertebra({ session, ports }: Context, label: number): void {
  const row = vertebraRowsOf(session.state).find(one => one.label === label);
  if (!row) return;
  if (session.state.focus.label !== label) session.update(() => ({ focus: { label, selected: [] } }));
  if (row.centreLps.every(Number.isFinite)) ports.goTo(row.centreLps);
}

export function goToCandidate(
  { session, ports }: Context,
  { key, pointLps }: Parameters<FocusActions['goToCandidate']>[0]
): void {
  const label = labelOfKey(key);
  session.update(({ focus }) => ({ focus: { label, key, selected: focus.label === label ? focus.selected : [] } }));
  ports.goTo(pointLps);
}

export function toggleSelected({ session }: Context, key: CandidateKey): void {
  session.patch('focus', ({ selected }) => {
    const others = selected.filter(one => one !== key);
    return { selected: others.length < selected.length ? others : [...others, key] };
  });
}

export function closeVertebra({ session }: Context): void {
  session.update(() => ({ focus: initialFocus }));
}

/** @param panel as it is shown: the order of its lists is the order of the steps */
export function nextVertebra(context: Context, panel: PanelState, step: 1 | -1): void {
  const label = neighbourVertebra(panel, step);
  if (label !== undefined) goToVertebra(context, label);
}

export function nextCandidate(context: Context, panel: PanelState, step: 1 | -1): void {
  const row = neighbourCandidate(panel, step);
  if (row) goToCandidate(context, row);
}
