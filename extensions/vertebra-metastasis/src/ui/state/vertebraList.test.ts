import { emptyReview, PUBLISHED_RULES, type VertebraFindings } from '../../core/review';
import { candidate, square } from '../../core/testing/study';
import { initialState, type LesionRow, type PanelState, type VertebraEntry } from './state';
import { lesionRange, nextUndecided } from './lesions';
import { neighbourCandidate, neighbourVertebra } from './steps';
import { countsOf, vertebraListRows } from './vertebraList';

const FRAME = {
  origin: [0, 0, 0] as [number, number, number],
  rowDirection: [0, 1, 0] as [number, number, number],
  columnDirection: [0, 0, -1] as [number, number, number],
  normal: [1, 0, 0] as [number, number, number],
  spacing: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
};

function findings(label: number, level: string, p: number, scores: readonly number[]): VertebraFindings {
  const candidates = scores.map((score, id) => candidate(id, id % 2 ? 'blastic' : 'lytic', square(2), score));
  const slices = [{ offsetMm: 0, frame: FRAME, malignancyProbability: p, candidates }];
  const screened = scores.length > 0 ? [] : [FRAME];
  const rest = { centreLps: [0, 0, 0] as const, screened, skipped: 0, modelRules: PUBLISHED_RULES };
  return { label, level, malignancyProbability: p, slices: scores.length > 0 ? slices : [], ...rest };
}

const entry = (label: number, level: string, more: Partial<VertebraEntry> = {}): VertebraEntry => ({
  label,
  level,
  sourceName: level,
  included: true,
  centreLps: [0, 0, 0],
  ...more,
});
const lesion = (level: string, kind: LesionRow['kind'], millilitres: number): LesionRow => ({
  id: `${level} ${kind}`,
  name: `${level} ${kind} 1`,
  index: 1,
  level,
  kind,
  voxels: 1,
  millilitres,
  slices: [],
  flags: [],
  drawn: false,
  doubted: false,
  atLeast: false,
});

const problem = { code: 'body-at-edge', params: { label: 7 } } as const;
const found = [
  findings(2, 'T11', 0.7, [0.9, 0.8]),
  findings(3, 'T12', 0.1, []),
  findings(4, 'L1', 0.9, [0.3]),
  findings(5, 'L2', 0.8, [0.6]),
];
const state: PanelState = {
  ...initialState,
  vertebrae: {
    choices: [],
    analysed: found.map(countsOf),
    reading: {
      status: 'ready',
      value: [
        entry(1, 'T10', { problem }),
        entry(2, 'T11'),
        entry(3, 'T12'),
        entry(4, 'L1', { outdated: true }),
        entry(5, 'L2'),
        entry(6, 'L3', { failure: { code: 'unexpected', params: { message: 'It broke.' } } }),
        entry(7, 'L4'),
      ],
    },
  },
  review: {
    ...initialState.review,
    present: {
      ...emptyReview,
      findings: found,
      reviewed: [4, 5],
    },
  },
  lesions: {
    origin: 'analysis',
    algorithmType: 'AUTOMATIC',
    saving: { status: 'unsaved' },
    rows: [lesion('T11', 'lytic', 0.5), lesion('T11', 'blastic', 0.25), lesion('L1', 'lytic', 2)],
    rejected: [],
  },
};

test('each vertebra with its state, kinds and volume', () => {
  const rows = vertebraListRows({ ...state, run: { status: 'running', progress: { label: 7 } as never } });
  const kinds = (row: (typeof rows)[number]) => `${row.lytic ? 'l' : ''}${row.blastic ? 'b' : ''}`;
  expect(rows.map(row => [row.level, row.status, kinds(row), row.millilitres])).toEqual([
    ['T10', 'excluded', '', 0],
    ['T11', 'analysed', 'lb', 0.75],
    ['T12', 'screened', '', 0],
    ['L1', 'outdated', 'l', 2],
    ['L2', 'reviewed', 'l', 0],
    ['L3', 'failed', '', 0],
    ['L4', 'running', '', 0],
  ]);
  expect(rows[0]).toMatchObject({ reason: problem, selectable: false, included: false });
});

test('by suspicion: the largest P first, what was not analysed last, in the order of the spine', () => {
  const levels = vertebraListRows({ ...state, order: 'suspicion' }).map(({ level }) => level);
  expect(levels).toEqual(['L1', 'L2', 'T11', 'T12', 'T10', 'L3', 'L4']);
});

test('the next vertebra follows the order of the list and wraps around', () => {
  const at = (label: number | undefined, order: PanelState['order'] = 'level') => ({
    ...state,
    order,
    focus: { label, selected: [] },
  });
  expect([at(undefined), at(2), at(7)].map(one => neighbourVertebra(one, 1))).toEqual([1, 3, 1]);
  expect([at(undefined), at(1)].map(one => neighbourVertebra(one, -1))).toEqual([7, 7]);
  expect(neighbourVertebra(at(5, 'suspicion'), 1)).toBe(2);
});

test('arrows go through the slices of the lesion in focus, and stop at its ends', () => {
  const slices = [0, 1].map(id => ({ slice: 0, offsetMm: 0, score: 0.8, candidates: [`2/0/${id}`] }));
  const rows = [{ ...lesion('T11', 'lytic', 0.5), vertebraLabel: 2, slices }];
  const at = (key?: string) => ({
    ...state,
    lesions: { ...state.lesions!, rows },
    focus: { label: 2, lesion: 'T11 lytic', key, selected: [] },
  });
  const next = (one: PanelState, step: 1 | -1) => neighbourCandidate(one, step)?.key;
  expect(next(at(), 1)).toBe('2/0/0');
  expect(next(at('2/0/0'), 1)).toBe('2/0/1');
  expect(next(at('2/0/1'), 1)).toBeUndefined();
  expect(next(at('2/0/1'), -1)).toBe('2/0/0');
  expect(next({ ...at(), focus: { selected: [] } }, 1)).toBeUndefined();
});

test('the next undecided lesion follows the order of the list; drawn and decided ones are passed over', () => {
  const rows = [
    { ...lesion('T11', 'lytic', 0.5), verdict: 'accepted' as const },
    lesion('T11', 'blastic', 0.25),
    { ...lesion('T12', 'lytic', 1), drawn: true },
    { ...lesion('L1', 'blastic', 0.1), doubted: true },
    lesion('L2', 'lytic', 2),
  ];
  const at = (id: string | undefined, lesionOrder: PanelState['lesionOrder'] = state.lesionOrder) => ({
    ...state,
    lesionOrder,
    lesions: { ...state.lesions!, rows },
    focus: { lesion: id, selected: [] },
  });
  expect(nextUndecided(at(undefined))?.id).toBe('T11 blastic');
  expect(nextUndecided(at('T11 blastic'))?.id).toBe('L2 lytic');
  // What is probably not a lesion comes last.
  expect(nextUndecided(at('L2 lytic'))?.id).toBe('L1 blastic');
  expect(nextUndecided(at('L1 blastic'), ['T11 blastic'])?.id).toBe('L2 lytic');
  expect(nextUndecided(at(undefined, { by: 'volume', descending: true }))?.id).toBe('L2 lytic');
  expect(lesionRange(at('T11 blastic'), 'T11 blastic', 'L2 lytic')).toEqual(['T11 blastic', 'T12 lytic', 'L2 lytic']);
});

test('the volume of a vertebra is a lower bound as soon as one of its lesions has one', () => {
  const { lesions } = state;
  const rows = lesions!.rows.map((row, n) => ({ ...row, atLeast: n === 1 }));
  const bounds = vertebraListRows({ ...state, lesions: { ...lesions!, rows } }).map(row => [row.level, row.atLeast]);
  expect(bounds.filter(([, bound]) => bound)).toEqual([['T11', true]]);
});
