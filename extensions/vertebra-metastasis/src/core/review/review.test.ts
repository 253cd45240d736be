import { analyseStudy } from '../study';
import { lesionLabelmap } from './lesionLabelmap';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../testing/study';
import { labelExtents } from '../geometry';
import { type ComposedLesions, composeLesions } from './compose';
import {
  accept,
  addStroke,
  decidedCandidates,
  hasDecisions,
  merge,
  reject,
  setKind,
  setReviewed,
  setRules,
  split,
  undecide,
  withFindings,
} from './decide';
import { candidateKey, findingsOf, type VertebraFindings } from './findings';
import { advance, mapHistory, redo, startHistory, undo } from './history';
import { packFindings, unpackFindings } from './packing';
import { projectVertebra } from './projection';
import { withLabels } from './relabel';
import { emptyReview, PUBLISHED_RULES, type ReviewState } from './state';

const input = spine();
const TARGETS = [
  { label: LABELS.T11, level: 'T11' },
  { label: LABELS.T12, level: 'T12' },
];

async function reviewed() {
  const engine = scriptedEngine([
    candidate(0, 'blastic', square(2, 6), 0.7),
    candidate(1, 'lytic', square(3, -6), 0.9),
    candidate(2, 'lytic', square(1, 0, 8), 0.2),
  ]);
  const { analyses } = await analyseStudy(engine, input, TARGETS, {
    slices: { every: 2 },
    method: METHOD,
    screenBelow: 0.3,
  });
  const state = analyses.reduce<ReviewState>(
    (s, one) => withFindings(s, findingsOf(one, PUBLISHED_RULES), input.bodies.labels),
    emptyReview
  );
  const extents = labelExtents(input.bodies);
  const project = (findings: VertebraFindings) => projectVertebra(input.bodies, extents.get(findings.label)!, findings);
  const compose = (s: ReviewState) => composeLesions(input.volume, s, project);
  return { analyses, state, compose };
}
const first = (label: number, id: number) => candidateKey(label, 0, id);

/** A matcher would walk through half a million numbers. */
function same(actual: ComposedLesions, expected: ComposedLesions): void {
  expect(Buffer.compare(Buffer.from(actual.labelmap.labels), Buffer.from(expected.labelmap.labels))).toBe(0);
  expect(actual.segments).toEqual(expected.segments);
}

/** The same value with its keys in order, as text. */
function sortedKeys(json: string): string {
  const ordered = (_: string, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
      : value;
  return JSON.stringify(JSON.parse(json), ordered);
}

test('undecided, the labelmap is the one of the analysis, at every threshold', async () => {
  const { analyses, state, compose } = await reviewed();
  for (const threshold of [0.1, 0.5, 0.8, 1]) {
    const rules = { threshold, minPixels: 5 };
    const expected = lesionLabelmap(input.volume, input.bodies, analyses, rules);
    const { labelmap, segments } = compose(setRules(state, rules));
    expect(Buffer.compare(Buffer.from(labelmap.labels), Buffer.from(expected.labelmap.labels))).toBe(0);
    expect(
      segments.map(({ index, level, kind, voxels, score, touched }) => [index, level, kind, voxels, score, touched])
    ).toEqual(
      expected.segments.map(({ index, level, kind, voxels, score }) => [
        index,
        level,
        kind,
        voxels,
        score,
        threshold !== 0.5,
      ])
    );
  }
});

test('undo returns to the same bytes, redo too, through decisions, rules, kinds and strokes', async () => {
  const { state, compose } = await reviewed();
  const stroke = {
    offsets: Uint32Array.from([input.bodies.labels.indexOf(LABELS.T12), 7]),
    values: Uint8Array.from([1, 2]),
    lesions: [
      { level: 'T12', vertebraLabel: LABELS.T12, kind: 'blastic' as const },
      { level: 'L4', kind: 'lytic' as const },
    ],
    touched: [],
  };
  const steps: ((s: ReviewState) => ReviewState)[] = [
    s => reject(s, [first(LABELS.T11, 1)], 'schmorl'),
    s => setRules(s, { threshold: 0.1, minPixels: 5 }),
    s => setKind(s, [first(LABELS.T12, 0)], 'lytic'),
    s => merge(s, [first(LABELS.T12, 0), first(LABELS.T12, 1)]),
    s => addStroke(s, stroke),
    s => accept(s, [first(LABELS.T11, 1)]),
  ];
  let history = startHistory(state);
  const bytes = [compose(state)];
  for (const step of steps) {
    history = advance(history, step(history.present));
    bytes.push(compose(history.present));
  }
  expect(new Set(bytes.map(({ labelmap }) => Buffer.from(labelmap.labels).toString('base64'))).size).toBe(6);
  for (let n = steps.length - 1; n >= 0; n--) {
    history = undo(history);
    same(compose(history.present), bytes[n]);
  }
  for (let n = 1; n <= steps.length; n++) same(compose((history = redo(history)).present), bytes[n]);
  expect(redo(history)).toBe(history);
});

test('a decision makes its segment a reviewed one and no other', async () => {
  const { state, compose } = await reviewed();
  const rejected = compose(reject(state, [first(LABELS.T11, 0)], 'degenerative')).segments;
  expect(rejected.map(({ level, kind, touched }) => [level, kind, touched])).toEqual([
    ['T11', 'lytic', false],
    ['T11', 'blastic', true],
    ['T12', 'lytic', false],
    ['T12', 'blastic', false],
  ]);
  const blastic = decidedCandidates(state.findings[0], state).filter(({ kind }) => kind === 'blastic');
  const confirmed = compose(
    accept(
      state,
      blastic.map(({ key }) => key)
    )
  ).segments;
  expect(confirmed.map(one => one.confirmed)).toEqual([false, true, false, false]);
});

test('merged candidates are decided together until split', async () => {
  const { state } = await reviewed();
  const [a, b, c] = [0, 1, 2].map(id => first(LABELS.T11, id));
  const merged = merge(state, [a, b]);
  expect(merged.decisions).toEqual({ [a]: { group: a, kind: 'blastic' }, [b]: { group: a, kind: 'blastic' } });
  const all = reject(merge(merged, [b, c]), [c], 'artefact');
  expect([a, b, c].map(key => all.decisions[key].reason)).toEqual(['artefact', 'artefact', 'artefact']);
  expect(undecide(split(merged, b), [a]).decisions[b]).toEqual({ kind: 'blastic' });
  expect(merge(state, [a])).toBe(state);
});

test('a new analysis takes the decisions of its vertebra alone, in every state of the history', async () => {
  const { state } = await reviewed();
  const both = reject(state, [first(LABELS.T11, 0), first(LABELS.T12, 0)], 'other');
  const fresh = mapHistory(advance(startHistory(state), both), s =>
    withFindings(s, state.findings[0], input.bodies.labels)
  );
  expect(Object.keys(fresh.present.decisions)).toEqual([first(LABELS.T12, 0)]);
  expect(undo(fresh).present.findings).toHaveLength(2);
  expect([LABELS.T11, LABELS.T12].map(label => hasDecisions(fresh.present, [label]))).toEqual([false, true]);
});

test('a brush stroke counts as a decision about its vertebra', async () => {
  const { state } = await reviewed();
  const drawn = addStroke(state, {
    offsets: Uint32Array.from([7]),
    values: Uint8Array.from([0]),
    lesions: [],
    touched: [{ level: 'T12', vertebraLabel: LABELS.T12, kind: 'lytic' }],
  });
  expect([LABELS.T11, LABELS.T12].map(label => hasDecisions(drawn, [label]))).toEqual([false, true]);
});

test('findings survive packing exactly', async () => {
  const { state } = await reviewed();
  const again = state.findings.map(one => unpackFindings(JSON.parse(JSON.stringify(packFindings(one)))));
  const plain = (findings: VertebraFindings) =>
    JSON.stringify(findings, (key, value) => (key === 'kept' ? false : value));
  expect(again.map(plain).map(sortedKeys)).toEqual(state.findings.map(plain).map(sortedKeys));
});

test('a review follows its vertebrae to the labels their masks have now; what has no mask any more is left out', async () => {
  const { state } = await reviewed();
  const [a, b, gone] = [first(LABELS.T11, 0), first(LABELS.T11, 1), first(LABELS.T12, 0)];
  const decided = setReviewed(reject(merge(state, [a, b]), [a, gone], 'other'), LABELS.T11, true);
  const stroke = { offsets: Uint32Array.from([7]), values: Uint8Array.from([1]) };
  const lesions = [LABELS.T11, LABELS.T12].map(vertebraLabel => ({
    vertebraLabel,
    level: 'T11',
    kind: 'lytic' as const,
  }));
  const drawn = addStroke(decided, { ...stroke, lesions, touched: lesions });
  const named = { ...drawn, levels: { [LABELS.T11]: 'L1', [LABELS.T12]: 'L2' } };
  const now = withLabels(named, new Map([[LABELS.T11, 9]]));
  expect(now.findings.map(({ label }) => label)).toEqual([9]);
  expect(now.findings[0].slices).toBe(state.findings[0].slices);
  expect(now.decisions).toEqual({
    '9/0/0': { verdict: 'rejected', reason: 'other', kind: 'blastic', group: '9/0/0' },
    '9/0/1': { verdict: 'rejected', reason: 'other', kind: 'blastic', group: '9/0/0' },
  });
  expect([now.reviewed, now.levels]).toEqual([[9], { 9: 'L1' }]);
  const names = [
    { vertebraLabel: 9, level: 'T11', kind: 'lytic' },
    { level: 'T11', kind: 'lytic' },
  ];
  expect(now.strokes).toEqual([{ ...stroke, lesions: names, touched: names }]);
});
