/** What the user looks at, in the panel and in the viewports. */
import { labelOfKey } from '../../core';
import { type FocusActions, initialFocus, neighbourCandidate, neighbourVertebra } from '../../ui';
import type { Context } from './context';
import { entries } from './entries';

export function focusActions(context: Context): FocusActions {
  const { store, ports } = context;
  const goToVertebra = (label: number) => {
    const entry = entries(context).find(one => one.label === label);
    if (!entry) return;
    store.update(state => (state.focus.label === label ? state : { ...state, focus: { label, ticked: [] } }));
    if (entry.centreLps.every(Number.isFinite)) ports.goTo(entry.centreLps);
  };
  const goToCandidate: FocusActions['goToCandidate'] = ({ key, pointLps }) => {
    const label = labelOfKey(key);
    store.update(({ focus, ...state }) => {
      const ticked = focus.label === label ? focus.ticked : [];
      return { ...state, focus: { label, key, ticked } };
    });
    ports.goTo(pointLps);
  };
  return {
    goToVertebra,
    goToCandidate,
    tick: key =>
      store.update(({ focus, ...state }) => {
        const others = focus.ticked.filter(one => one !== key);
        const ticked = others.length < focus.ticked.length ? others : [...others, key];
        return { ...state, focus: { ...focus, ticked } };
      }),
    closeVertebra: () => store.update(state => ({ ...state, focus: initialFocus })),
    setOutlines: outlines => store.update(state => ({ ...state, outlines })),
    setOrder: order => store.update(state => ({ ...state, order })),
    nextVertebra: step => {
      const label = neighbourVertebra(store.get(), step);
      if (label !== undefined) goToVertebra(label);
    },
    nextCandidate: step => {
      const row = neighbourCandidate(store.get(), step);
      if (row) goToCandidate(row);
    },
  };
}
