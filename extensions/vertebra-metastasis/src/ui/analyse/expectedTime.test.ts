/** What is said of the time before an analysis, and the way out where it is long. */
import type * as React from 'react';
import { createElement, isValidElement, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { PRESETS, type SliceChoice } from '../../core/study';
import { initialState, type PanelActions, type PanelState } from '../state/state';
import { stringsFor, StringsContext } from '../strings';
import { ExpectedTime } from './ExpectedTime';

const pressed: { onClick(): void }[] = [];
jest.mock(
  '@ohif/ui-next',
  () => {
    const { createElement: element } = jest.requireActual<typeof React>('react');
    const through = ({ children }: { children?: unknown }) => children;
    const Button = (props: { children?: unknown; onClick(): void }) => {
      pressed.push(props);
      return element('button', undefined, props.children as string);
    };
    return new Proxy({ Button }, { get: (known, name) => Reflect.get(known, name) ?? through });
  },
  { virtual: true }
);

const chosen: unknown[] = [];
const actions: Pick<PanelActions, 'setSettings'> = { setSettings: change => void chosen.push(change) };

/** One number for a search whose slices are all known. */
const minutes = (typical: number, most = typical) => ({ typical, most });

function shown(expected: PanelState['expected'], language = 'en', slices: SliceChoice = 'all'): string {
  pressed.length = 0;
  const settings = { ...initialState.settings, slices };
  const element: ReactElement = createElement(ExpectedTime, { state: { settings, expected }, actions });
  expect(isValidElement(element)).toBe(true);
  return renderToStaticMarkup(createElement(StringsContext.Provider, { value: stringsFor(language) }, element)).replace(
    /&#x27;/g,
    "'"
  );
}

test('says the time of a suspicious vertebra with own settings in both languages, and nothing before a model is open', () => {
  const presets = { quick: minutes(0.08), standard: minutes(1.7, 4.2), reference: minutes(28, 70) };
  const expected = { minutes: minutes(1.7, 4.2), presets, settled: true };
  expect(shown(expected, 'en', { every: 2 })).toContain(
    'About 2 min for a suspicious vertebra on this machine, up to 4 min<'
  );
  expect(shown(expected, 'de', { every: 2 })).toContain(
    'Etwa 2 min für einen verdächtigen Wirbel auf diesem Rechner, höchstens 4 min<'
  );
  expect(shown({ ...expected, minutes: minutes(1.7) }, 'en', { every: 2 })).toContain('on this machine<');
  // While the evaluation may have been timed beside other work: the upper bound, and nothing that it is not.
  expect(shown({ ...expected, settled: false }, 'en', { every: 2 })).toContain('>Up to about 4 min for a suspicious');
  expect(shown({ ...expected, settled: false }, 'de', { every: 2 })).toContain('>Bis zu etwa 4 min für einen');
  expect(pressed).toHaveLength(0);
  // A preset says it in its own name.
  expect(shown(expected)).toBe('');
  expect(shown(undefined, 'en', { every: 2 })).toBe('');
});

test('above ten minutes the most thorough preset that is quicker than that is one press away', () => {
  const presets = { quick: minutes(0.08), standard: minutes(1.7, 4.2), reference: minutes(28, 70) };
  const slow = shown({ minutes: minutes(28, 70), presets, settled: true });
  expect(slow).toContain('takes about 28 min on this machine, up to 70 min.');
  expect(slow).toContain('Use Standard (about 2 min)');
  pressed[0].onClick();
  expect(chosen).toEqual([PRESETS.standard]);
});

test('where every preset is long the quickest is offered, and nothing where that one is chosen', () => {
  const presets = { quick: minutes(11), standard: minutes(240, 600), reference: minutes(4000, 10_000) };
  const unsure = { presets, settled: false };
  expect(shown({ ...unsure, minutes: presets.standard })).toContain('Use Quick look (about 11 min)');
  expect(shown({ ...unsure, minutes: presets.quick })).toContain('takes up to about 11 min');
  expect(pressed).toHaveLength(0);
});
