/**
 * Nothing that the panel says is written into its components: drawn with texts that are marked, every word of every state is marked, a
 * datum of the study, or set off as English. So a translation of the texts is a translation of the panel.
 */
import type * as React from 'react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import {
  createHover,
  Panel,
  type PanelActions,
  type PanelState,
  TAB_IDS,
} from '../../extensions/vertebra-metastasis/src/ui';
import { en, type Strings } from '../../extensions/vertebra-metastasis/src/ui/strings/en';
import { de } from '../../extensions/vertebra-metastasis/src/ui/strings/de';
import { FINDINGS_STATES } from '../browser/panel/findingsStates';
import { STATES } from '../browser/panel/states';

jest.mock(
  '@ohif/ui-next',
  () => {
    const { createElement: element } = jest.requireActual<typeof React>('react');
    interface Props {
      children?: React.ReactNode;
      title?: string;
      'aria-label'?: string;
    }
    const through = ({ children }: Props) => children;
    const Button = ({ children, title, 'aria-label': label }: Props) =>
      element('button', { title, 'aria-label': label }, children);
    return new Proxy({ Button }, { get: (known, name) => Reflect.get(known, name) ?? through });
  },
  { virtual: true }
);

const all: Readonly<Record<string, PanelState>> = { ...STATES, ...FINDINGS_STATES };
const actions = new Proxy({}, { get: () => () => undefined }) as PanelActions;

/** The same texts, each between two signs that occur nowhere else. */
function marked<T>(texts: T): T {
  if (typeof texts === 'string') return (texts === '' ? texts : `⟦${texts}⟧`) as T;
  if (typeof texts === 'function') return ((...args: unknown[]) => marked(texts(...args))) as T;
  if (Array.isArray(texts)) return texts.map(marked) as T;
  if (texts === null || typeof texts !== 'object') return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, marked(text)])) as T;
}
// A number stays one, and `lang` is no text.
const strings: Strings = { ...marked(en), number: en.number, modelText: text => ({ text: `⟦${text}⟧` }) };

/** Names that come with the study and the model, levels, units and signs. */
const DATA = [
  /2 Thorax abdomen \(412\)|3 Thorax abdomen 5\.0 \(83\)|CT 1 Topogram|SR Dose report|5 TotalSegmentator \(24\)|vertebrae_[CTL]\d+/g,
  /Default \(phantoms\)( [\d.]+)?|Tiny test model [\d.]+/g,
  /2025-03-10 CT thorax abdomen with contrast, portal venous phase|2024-11-02 CT spine/g,
  /\b(C|T|L|S|V)\d+\b/g,
  /\b(ml|mm|HU|SEG)\b/g,
];

/** Words of a page that are neither marked nor data; what stands within lang="en" is left out. */
function unmarkedWords(html: string): string[] {
  const words: string[] = [];
  const english: boolean[] = [];
  const check = (text: string) => {
    let rest = text.replace(/&#x27;|&quot;|&amp;|&lt;|&gt;/g, ' ');
    for (let before = ''; before !== rest; ) {
      before = rest;
      rest = rest.replace(/⟦[^⟦⟧]*⟧/g, ' ');
    }
    rest = DATA.reduce((left, pattern) => left.replace(pattern, ' '), rest);
    if (/\p{L}{2,}/u.test(rest)) words.push(rest.trim());
  };
  for (const [, closing, tag, attributes = '', text] of html.matchAll(/<(\/?)([\w-]+)((?:"[^"]*"|[^">])*)>|([^<]+)/g)) {
    if (text !== undefined) {
      if (!english.includes(true)) check(text);
    } else if (closing) english.pop();
    else {
      for (const [, value] of attributes.matchAll(/ (?:title|aria-label|alt|placeholder|aria-valuetext)="([^"]*)"/g)) {
        check(value);
      }
      if (!attributes.endsWith('/') && !['input', 'br', 'img', 'hr'].includes(tag)) {
        english.push(/ lang="en"/.test(attributes));
      }
    }
  }
  return words;
}

const drawn = (state: PanelState, texts: Strings) =>
  renderToStaticMarkup(createElement(Panel, { state, actions, strings: texts, hover: createHover() }));

test('a word that is written into a component is found, and what is marked, data or English is not', () => {
  expect(unmarkedWords('<p title="⟦Level⟧ T4">⟦of ⟦two⟧⟧ 3.2 ml</p><b lang="en">as the<i>y say</i></b>')).toEqual([]);
  expect(unmarkedWords('<p>⟦Level⟧ unknown</p><input aria-label="Tick"/><p>T4</p>')).toEqual(['unknown', 'Tick']);
});

test.each(Object.keys(all))('%s: every word comes from the texts', name => {
  for (const tab of TAB_IDS) {
    const html = drawn({ ...all[name], tab }, strings);
    expect([tab, unmarkedWords(html)]).toEqual([tab, []]);
  }
});

test('no sentence of the German texts is an English one', () => {
  const leaves = (texts: unknown, path: string): [string, string][] => {
    if (typeof texts === 'string') return [[path, texts]];
    if (texts === null || typeof texts !== 'object') return [];
    return Object.entries(texts).flatMap(([key, text]) => leaves(text, `${path}.${key}`));
  };
  const english = new Map(leaves(en, ''));
  const same = leaves(de, '').filter(
    ([path, text]) => english.get(path) === text && text.split(' ').length > 1 && /\p{L}{2,}/u.test(text)
  );
  expect(same).toEqual([]);
});
