/** The panel as text: decisions and images appear where findings are, and nothing is drawn without them. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

import { emptyReview, findingsOf, PUBLISHED_RULES, reject, setAnswer, withFindings } from '../core/review';
import { analyseStudy } from '../core/study';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../core/testing/study';
import { candidateRows } from './state/candidates';
import { LesionTable } from './analyse/LesionTable';
import { OtherRegions } from './analyse/OtherRegions';
import { MetastasisQuestion } from './analyse/MetastasisQuestion';
import { HistoryBar } from './controls/HistoryBar';
import { RulesBar } from './analyse/RulesBar';
import { initialState, type LesionRow, type PanelActions, type PanelState, type VertebraEntry } from './state/state';
import { en } from './strings/en';
import { VertebraDetail } from './analyse/VertebraDetail';
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

test('a lesion in one row with its decision; regions that count for nothing are folded', async () => {
  const { findings, state } = await reviewed();
  const rows = candidateRows(findings, state);
  const lesion = (id: string, more: Partial<LesionRow>): LesionRow => ({
    id,
    name: `T11 lytic ${id}`,
    index: Number(id),
    level: 'T11',
    kind: 'lytic',
    voxels: 9,
    millilitres: 1.25,
    diameters: { longestAxialMm: 12.4, perpendicularAxialMm: 8.6, longestMm: 14 },
    score: 1,
    rawScore: 1.3,
    vertebraLabel: LABELS.T11,
    slices: [],
    flags: [],
    drawn: false,
    doubted: false,
    atLeast: false,
    ...more,
  });
  const rowsOf = [
    lesion('1', { atLeast: true, flags: ['at-search-edge'] }),
    lesion('2', { doubted: true, flags: ['single-slice'] }),
  ];
  const panel: PanelState = {
    ...initialState,
    review: { ...initialState.review, present: state },
    lesions: {
      origin: 'analysis',
      algorithmType: 'AUTOMATIC',
      saving: { status: 'unsaved' },
      rows: rowsOf,
      rejected: [lesion('0', { verdict: 'rejected', reason: 'schmorl' })],
    },
    focus: { label: LABELS.T11, lesion: '1', selected: [] },
  };
  const table = renderToStaticMarkup(createElement(LesionTable, { state: panel, actions }));
  expect(table.match(/data-cy="(lesion|rejected)-row"/g)).toEqual(['data-cy="lesion-row"']);
  expect(table).toContain('12 × 9');
  expect(table).toContain('≥ 1.3');
  expect(table).toContain(en.lesionList.rawScore('1.30'));
  expect(table).toContain(en.lesionList.atLeastHelp);
  expect(table).toContain('data-cy="doubted" data-count="1"');
  expect(table).toContain('data-cy="rejected" data-count="1"');
  expect(table).toContain('data-cy="decision-bar"');
  const others = renderToStaticMarkup(
    createElement(OtherRegions, { rows, level: 'T11', focus: { key: rows[0].key, selected: [] }, actions })
  );
  expect(others.match(/data-verdict="\w+"/g)).toEqual(['data-verdict="none"', 'data-verdict="rejected"']);
  // 7 pixels of 0.8 mm along the longer side.
  expect(others).toContain('6 mm');
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
        label: findings.label,
        level: 'T11',
        actions,
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

test('the level of a body that is only numbered is shown until it is named, and no other number is offered', () => {
  const detail = (level: string) => {
    const vertebra = { label: 4, level, sourceName: 'found', included: true } as unknown as VertebraEntry;
    const vertebrae = { ...initialState.vertebrae, reading: { status: 'ready' as const, value: [vertebra] } };
    const state: PanelState = { ...initialState, vertebrae, focus: { label: 4, selected: [] } };
    return renderToStaticMarkup(createElement(VertebraDetail, { state, actions }));
  };
  expect(detail('V3')).toContain('V3C1C2');
  expect(detail('T11')).not.toMatch(/V\d/);
});
