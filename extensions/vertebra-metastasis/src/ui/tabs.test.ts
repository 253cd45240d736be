/** Burden, Prior and Report as text in each of their states, in both languages. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import type { LesionChange } from '../core/prior';
import type { BurdenResult, Prior, PriorComparison } from './state/findings';
import { initialState, type PanelActions, type PanelState } from './state/state';
import { StringsContext, stringsFor } from './strings';
import { BurdenTab } from './burden/BurdenTab';
import { PriorTab } from './prior/PriorTab';
import { ReportTab } from './report/ReportTab';

jest.mock(
  '@ohif/ui-next',
  () => {
    const through = ({ children }: { children?: unknown }) => children;
    return new Proxy({}, { get: () => through });
  },
  { virtual: true }
);

const actions = new Proxy({}, { get: () => () => undefined }) as PanelActions;
const TABS = { burden: BurdenTab, prior: PriorTab, report: ReportTab };
const problem = { code: 'image-missing', params: { uid: '1.2.3', reason: 'HTTP 503' } } as const;

/** Text between tags. */
function shown(tab: keyof typeof TABS, change: Partial<PanelState>, language = 'en'): string {
  const state = { ...initialState, ...change };
  const content = createElement(TABS[tab], { state, actions });
  const html = renderToStaticMarkup(createElement(StringsContext.Provider, { value: stringsFor(language) }, content));
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

const kind = (millilitres: number) => ({
  voxels: 10,
  cubicMillimetres: 1000 * millilitres,
  millilitres,
  hu: { mean: -12.4, standardDeviation: 20, minimum: -5, maximum: 900, median: 3 },
  huPercentiles: { p10: 1, p90: 2 },
});
const result: BurdenResult = {
  burden: {
    levels: [
      { level: 'T12', lytic: kind(1.808), analysedMillilitres: 16, percent: 11.3 },
      { level: 'L1', analysedMillilitres: 20, percent: 0 },
    ],
    total: { lytic: kind(1.808), analysedMillilitres: 36, percent: 5.02 },
    affectedLevels: 1,
    analysedLevels: 2,
    screenedLevels: [],
    outsideMillilitres: 0,
    notAssessed: [{ part: 'posterior-elements' }],
  },
  software: 'Spine 0.1.0',
  review: {
    automatic: 1,
    edited: 0,
    drawn: 0,
    confirmed: 0,
    decisions: {
      rules: { threshold: 0.5, minPixels: 5 },
      modelRules: [],
      rulesMoved: false,
      candidates: 0,
      kept: 0,
      levels: [],
    },
  },
};
const ready: Partial<PanelState> = { burden: { status: 'ready', value: result } };
const running: PanelState['run'] = { status: 'running' };

describe.each(['en', 'de'])('%s', language => {
  const strings = stringsFor(language);

  test.each(['burden', 'report'] as const)('%s: nothing yet, reading, failed', tab => {
    expect(shown(tab, {}, language)).toContain(strings.tabEmpty[tab]);
    const reading = shown(tab, { burden: { status: 'loading', done: 30, total: 120 } }, language);
    expect(reading).toContain(strings.ctReading(30, 120));
    const failed = shown(tab, { burden: { status: 'error', problem } }, language);
    expect(failed).toContain('HTTP 503');
    expect(failed).toContain(strings.burden.measureAgain);
  });

  test.each(['burden', 'report'] as const)('%s: while the analysis runs, numbers are called unfinished', tab => {
    expect(shown(tab, { ...ready, run: running }, language)).toContain(strings.burden.unfinished);
    expect(shown(tab, ready, language)).not.toContain(strings.burden.unfinished);
  });

  test('burden: a lower bound is one in the sentence, the chart and the table', () => {
    const [first, ...others] = result.burden.levels;
    const bound = { ...first.lytic!, atLeast: true as const };
    const levels = [{ ...first, lytic: bound }, ...others];
    const burden = { ...result.burden, levels, total: { ...result.burden.total, lytic: bound } };
    const text = shown('burden', { burden: { status: 'ready', value: { ...result, burden } } }, language);
    // Sentence and kinds, name, tooltip and number of the chart, tooltips and numbers of row and total.
    expect(text.match(/≥/g)).toHaveLength(8);
    expect(shown('burden', ready, language)).not.toContain('≥');
  });

  test('burden: numbers with the separator of the language; levels without a lesion are named', () => {
    const text = shown('burden', ready, language);
    expect(text).toContain(language === 'de' ? '1,81' : '1.81');
    expect(text).toContain('−12 ± 20');
    expect(text).toContain(strings.burden.noLesionIn('L1'));
    expect(text).not.toMatch(language === 'de' ? /\d\.\d/ : /\d,\d/);
  });

  test('report without a lesion: no worksheet, and the text all the same', () => {
    const text = shown('report', ready, language);
    expect(text).toContain(strings.sins.noLesion);
    expect(text).toContain(strings.report.heading);
  });

  test('prior: no CT, searching, failed, none, reading, aligning, failed to compare', () => {
    const prior = (change: Partial<Prior>) => shown('prior', { prior: { ...initialState.prior, ...change } }, language);
    const found: Partial<Prior> = {
      search: { status: 'ready', value: undefined },
      choices: [{ id: 'a', label: '2025-03-10' }],
      selected: 'a',
    };
    expect(prior({})).toContain(strings.prior.noCt);
    expect(prior({ search: { status: 'loading' } })).toContain(strings.prior.searching);
    expect(prior({ search: { status: 'error', problem } })).toContain(strings.prior.searchAgain);
    expect(prior({ search: { status: 'ready', value: undefined } })).toContain(strings.prior.none);
    expect(prior({ ...found, comparison: { status: 'loading' } })).toContain(strings.prior.reading);
    expect(prior({ ...found, comparison: { status: 'loading', done: 3, total: 24 } })).toContain(
      strings.prior.aligning(3, 24)
    );
    expect(prior({ ...found, comparison: { status: 'error', problem } })).toContain(strings.prior.compareAgain);
    expect(prior(found)).toContain(strings.tabEmpty.prior);
  });

  test('prior: a level that the earlier study did not analyse has no volume there, and no difference', () => {
    const change: LesionChange = {
      change: 'not-comparable',
      level: 'T11',
      kind: 'lytic',
      priorMillilitres: 0,
      currentMillilitres: 3,
      differenceMillilitres: 3,
    };
    const value: PriorComparison = {
      comparison: { changes: [change], alignments: [], unaligned: [] },
      priorDate: '2025-03-10',
      currentDate: '2025-09-15',
      sameMethod: true,
      hasMasks: true,
    };
    const prior: Partial<Prior> = {
      search: { status: 'ready', value: undefined },
      choices: [{ id: 'a', label: 'x' }],
      selected: 'a',
      comparison: { status: 'ready', value },
    };
    const text = shown('prior', { prior: { ...initialState.prior, ...prior } }, language);
    expect(text).toContain(strings.prior.fromTo('–', language === 'de' ? '3,00' : '3.00'));
    expect(text).not.toMatch(/\+3[.,]00/);
  });

  test('prior: each change with its volumes, totals by kind, the caution', () => {
    const change: LesionChange = {
      change: 'increased',
      level: 'T11',
      kind: 'blastic',
      priorMillilitres: 1.5,
      currentMillilitres: 3,
      differenceMillilitres: 1.5,
      percent: 100,
      matchedBy: 'overlap',
    };
    const value: PriorComparison = {
      comparison: { changes: [change], alignments: [], unaligned: [] },
      priorDate: '2025-03-10',
      currentDate: '2025-09-15',
      sameMethod: true,
      hasMasks: true,
    };
    const text = shown(
      'prior',
      {
        prior: {
          search: { status: 'ready', value: undefined },
          choices: [{ id: 'a', label: 'x' }],
          selected: 'a',
          comparison: { status: 'ready', value },
          shown: false,
        },
      },
      language
    );
    const [from, to] = language === 'de' ? ['1,50', '3,00'] : ['1.50', '3.00'];
    expect(text.split(strings.prior.fromTo(from, to))).toHaveLength(3);
    expect(text).toContain(strings.prior.caution);
    expect(text).toContain(strings.prior.blasticCaution);
  });
});
