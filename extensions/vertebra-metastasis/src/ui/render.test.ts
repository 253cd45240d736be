/** The panel as text: decisions and images appear where findings are, and nothing is drawn without them. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import { emptyReview, findingsOf, PUBLISHED_RULES, reject, setAnswer, withFindings } from '../core/review';
import { analyseStudy } from '../core/study';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../core/testing/study';
import { candidateRows } from './state/candidates';
import { CandidateTable } from './analyse/CandidateTable';
import { MetastasisQuestion } from './analyse/MetastasisQuestion';
import { HistoryBar } from './controls/HistoryBar';
import { RulesBar } from './analyse/RulesBar';
import { initialState, type PanelActions, type PanelState } from './state/state';
import { en } from './strings/en';
import { WhyView } from './analyse/why/WhyView';

jest.mock(
  '@ohif/ui-next',
  () => {
    const through = ({ children }: { children?: unknown }) => children;
    return new Proxy({ Button: 'button' }, { get: (known, name) => Reflect.get(known, name) ?? through });
  },
  { virtual: true }
);

const actions = new Proxy({}, { get: () => () => undefined }) as PanelActions;

async function reviewed() {
  const input = spine();
  const engine = scriptedEngine([candidate(0, 'lytic', square(3), 0.9), candidate(1, 'blastic', square(2, 9), 0.7)]);
  const target = [{ label: LABELS.T11, level: 'T11' }];
  const { analyses } = await analyseStudy(engine, input, target, { slices: 'central', method: METHOD, screenBelow: 0 });
  const findings = findingsOf(analyses[0], PUBLISHED_RULES);
  const state = withFindings(emptyReview, findings, input.bodies.labels);
  return { analysis: analyses[0], findings, state: reject(state, [`${LABELS.T11}/0/1`], 'schmorl') };
}

test('candidates with size, score and what was decided; the one in focus can be decided on', async () => {
  const { findings, state } = await reviewed();
  const rows = candidateRows(findings, state);
  const table = renderToStaticMarkup(
    createElement(CandidateTable, { rows, focus: { key: rows[0].key, selected: [] }, actions })
  );
  expect(table.match(/data-verdict="\w+"/g)).toEqual(['data-verdict="none"', 'data-verdict="rejected"']);
  expect(table).toContain(en.review.rejected('Schmorl node'));
  expect(table).toContain('data-cy="decision-bar"');
  // 7 pixels of 0.8 mm along the longer side.
  expect(table).toContain('6 mm');
  const rules = renderToStaticMarkup(createElement(RulesBar, { review: state, setRules: () => undefined }));
  expect(rules).toContain('data-kept="1" data-all="2"');
});

test('the images of a slice with their legend; a stored result says why it has none', async () => {
  const { analysis, findings, state } = await reviewed();
  const rows = candidateRows(findings, state);
  const why = renderToStaticMarkup(
    createElement(WhyView, { analysis, searched: 1, rows, focus: rows[0], outlined: true })
  );
  const shown = [...why.matchAll(/data-cy="why-image-(\w+)"/g)].map(([, name]) => name);
  expect(shown).toEqual(['original', 'reconstruction', 'healthyEdit', 'difference']);
  expect(why).toContain('stroke-dasharray');
  expect(why).toContain('data-cy="why-legend"');
  const stored = (searched: number) =>
    renderToStaticMarkup(createElement(WhyView, { searched, rows: searched ? rows : [], outlined: true }));
  expect(stored(1)).toContain(en.review.whyNone);
  // There never were any, so analysing again would not bring them.
  expect(stored(0)).toContain(en.review.whyScreened);
});

test('nothing to undo and no candidate: no slider, disabled buttons', () => {
  const { review } = initialState satisfies PanelState;
  expect(renderToStaticMarkup(createElement(RulesBar, { review: review.present, setRules: () => undefined }))).toBe('');
  expect(
    renderToStaticMarkup(createElement(HistoryBar, { review, actions, help: false, onHelp: () => undefined })).match(
      /disabled/g
    )?.length
  ).toBeGreaterThan(1);
});

test('the question about a whole vertebra proposes without answering, and says who answered', async () => {
  const { findings, state } = await reviewed();
  const drawn = (present: typeof state) =>
    renderToStaticMarkup(
      createElement(MetastasisQuestion, {
        ...{ label: findings.label, level: 'T11', actions },
        state: { ...initialState, review: { ...initialState.review, present } },
      })
    );
  const open = drawn(state);
  expect(open).toContain('data-answer=""');
  expect(open).not.toContain('aria-checked="true"');
  // A region counts: there the keyboard begins.
  expect(open).toMatch(/tabindex="0" data-cy="answer-metastasis"/i);
  const answer = { answer: 'no metastasis', reader: 'Doe^Jane', on: '20260504030201' } as const;
  const given = drawn(setAnswer(state, findings.label, answer));
  expect(given).toMatch(/aria-checked="true"[^>]*data-cy="answer-no-metastasis"/);
  expect(given).toContain(en.answer.given('Doe^Jane', '2026-05-04'));
});
