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
  const expected = { minutes: 1.7, presets: { quick: 0.08, standard: 1.7, reference: 28 } };
  expect(shown(expected, 'en', { every: 2 })).toContain('Up to about 2 min for a suspicious vertebra');
  expect(shown(expected, 'de', { every: 2 })).toContain('Bis zu etwa 2 min für einen verdächtigen Wirbel');
  expect(pressed).toHaveLength(0);
  // A preset says it in its own name.
  expect(shown(expected)).toBe('');
  expect(shown(undefined, 'en', { every: 2 })).toBe('');
});

test('above ten minutes the most thorough preset that is quicker than that is one press away', () => {
  const slow = shown({ minutes: 28, presets: { quick: 0.08, standard: 1.7, reference: 28 } });
  expect(slow).toContain('takes up to about 28 min');
  expect(slow).toContain('Use Standard (about 2 min)');
  pressed[0].onClick();
  expect(chosen).toEqual([PRESETS.standard]);
});

test('where every preset is long the quickest is offered, and nothing where that one is chosen', () => {
  const presets = { quick: 11, standard: 240, reference: 4000 };
  expect(shown({ minutes: 240, presets })).toContain('Use Quick look (about 11 min)');
  expect(shown({ minutes: 11, presets })).toContain('takes up to about 11 min');
  expect(pressed).toHaveLength(0);
});
