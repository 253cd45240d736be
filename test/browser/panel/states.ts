/** The states that the parts of the Analyse tab can be in: empty, at work, failed, done. */
import { accept, emptyReview, merge, reject, type ReviewState, setRules } from '@spine/core/review';
import {
  initialState,
  type PanelState,
  type Run,
  type VertebraEntry,
} from '../../../extensions/vertebra-metastasis/src/ui';
import shipped from '../../../models/default/manifest.json';
import { analysisOf, BODIES, entryOf, findingsOf, largeReview, lesionOf, LEVELS, overviewOf } from './data';

const CT: PanelState['ct'] = {
  choices: [{ id: 'ct', label: '2 Thorax abdomen (412)' }],
  selected: 'ct',
  reading: { status: 'ready', value: { slices: 412, spacingMm: [0.78, 0.78, 1], binaryReadable: true } },
  passedOver: [],
};
const MODEL: PanelState['model'] = {
  choices: [
    { id: 'default', label: `${shipped.name} ${shipped.version}` },
    { id: 'tiny', label: 'Tiny test model 1.0.0' },
  ],
  available: [
    {
      id: 'published',
      name: 'Published (Atad et al.)',
      megabytes: 363,
      runsOn: 'gpu',
      command: 'npm run models:published',
    },
  ],
  selected: 'default',
  loading: {
    status: 'ready',
    value: {
      id: 'default',
      name: shipped.name,
      version: shipped.version,
      description: shipped.description,
      intendedUse: shipped.intendedUse,
      limits: shipped.limits,
      provider: 'webgpu',
      threads: 1,
      licence: shipped.licence,
      trainedOn: shipped.provenance.source,
      megabytes: 21.4,
      providerReason: {
        provider: 'webgpu',
        adapter: 'nvidia hopper',
        worstError: 2e-4,
        arithmetic: { code: 'not-offered' },
        capture: { code: 'used', batch: 32, capturedMs: 11.3, plainMs: 38.6 },
      },
    },
  },
};
const EDGE = { code: 'body-at-edge', params: { label: 7 } } as const;

const spine = (change: (label: number, level: string) => Partial<VertebraEntry>): PanelState['vertebrae'] => ({
  choices: [{ id: 'seg', label: '5 TotalSegmentator (24)' }],
  selected: 'seg',
  reading: { status: 'ready', value: LEVELS.slice(6).map((level, n) => entryOf(n + 7, level, change(n + 7, level))) },
});

const EXPECTED = {
  presets: {
    quick: { typical: 0.08, most: 0.08 },
    standard: { typical: 1.7, most: 4.2 },
    reference: { typical: 28, most: 70 },
  },
  settled: true,
};

/** Everything loaded, nothing analysed. */
export const READY: PanelState = {
  ...initialState,
  ct: CT,
  model: MODEL,
  vertebrae: spine(label => (label === 7 ? { problem: EDGE, included: false } : {})),
  overview: overviewOf(LEVELS.slice(6).map((_, n) => n + 7)),
  expected: { ...EXPECTED, minutes: EXPECTED.presets.standard },
};

/** P by label, so that the order by suspicion differs from that of the spine. */
const P: Readonly<Record<number, number>> = { 8: 0.03, 9: 0.97, 10: 0.12, 11: 0.64, 12: 0.55, 13: 0.02 };
const analysed = (label: number) => label in P;
const review: ReviewState = {
  ...emptyReview,
  findings: Object.entries(P).map(([label, p]) => {
    const found = findingsOf(Number(label), LEVELS[Number(label) - 1], p);
    return p < 0.5 ? { ...found, slices: [], screened: found.slices.map(({ frame }) => frame) } : found;
  }),
  reviewed: [8, 11],
};
const run = (value: Run): PanelState => ({ ...READY, run: value });
/** T1 is done: no slice of it was suspicious. */
const atWork = (more: Omit<Extract<Run, { status: 'running' }>, 'status'>): PanelState => ({
  ...run({ status: 'running', ...more }),
  review: { ...initialState.review, present: { ...emptyReview, findings: review.findings.slice(0, 1) } },
});
const PROGRESS = {
  evaluationsDone: 1240,
  evaluationsPlanned: 5300,
  slicesScreened: 62,
  slicesPlanned: 580,
  label: 9,
  level: 'T2',
  slice: 4,
  lastSlice: 4,
  sliceCount: 31,
  vertebra: 2,
  vertebraCount: 17,
  secondsLeft: 214,
};

/** Lytic and blastic in each vertebra that was searched. */
const rowsOf = (millilitres: readonly number[]) =>
  ['T2', 'T4', 'T5'].flatMap((level, n) => [
    lesionOf(2 * n + 1, level, 'lytic', millilitres[2 * n], {
      atLeast: n === 0,
      flags: n === 0 ? ['at-search-edge'] : [],
    }),
    lesionOf(2 * n + 2, level, 'blastic', millilitres[2 * n + 1], {
      rawScore: 1.2,
      score: 1,
      doubted: n === 2,
      flags: n === 2 ? ['single-slice', 'hugs-cortex'] : [],
    }),
  ]);
const done: PanelState = {
  ...READY,
  vertebrae: spine((label, level) => ({
    ...(label === 7 ? { problem: EDGE, included: false } : {}),
    ...(label === 9 ? { analysis: analysisOf(label, level) } : {}),
    ...(label === 12 ? { outdated: true, origin: 'click' as const } : {}),
    ...(label === 14
      ? { failure: { code: 'unexpected', params: { message: 'The graphics device was lost.' } } as const }
      : {}),
    ...(analysed(label) ? {} : { included: false }),
  })),
  review: { ...initialState.review, present: review, canUndo: true },
  lesions: {
    origin: 'analysis',
    algorithmType: 'AUTOMATIC',
    saving: { status: 'unsaved' },
    rows: rowsOf([1.83, 0.62, 0.22, 0.41, 0.36, 0.18]),
    rejected: [],
  },
  run: { status: 'done', seconds: 312, vertebrae: 6 },
};

const key = (slice: number, id: number) => `9/${slice}/${id}`;
const decided = [
  (state: ReviewState) => accept(state, [key(0, 4), key(1, 4)]),
  (state: ReviewState) => reject(state, [key(2, 4), key(3, 4)], 'haemangioma'),
  (state: ReviewState) => merge(state, [key(4, 4), key(5, 4)]),
  (state: ReviewState) => setRules(state, { threshold: 0.62, minPixels: 12 }),
].reduce((state, step) => step(state), review);
const looked: PanelState = { ...done, focus: { label: 9, lesion: 'lesion 9/3/4', key: key(4, 4), selected: [] } };
const reviewed: PanelState = {
  ...looked,
  review: { ...done.review, present: decided, canRedo: true },
  // Less than before: regions are rejected and below the threshold.
  lesions: {
    ...done.lesions!,
    algorithmType: 'SEMIAUTOMATIC',
    rows: rowsOf([1.24, 0.37, 0.13, 0.25, 0.21, 0.11]).map((row, n) =>
      n === 0
        ? { ...row, verdict: 'accepted' }
        : n === 2
          ? { ...row, kind: 'mixed', name: 'T4 mixed 1', drawn: true }
          : row
    ),
    rejected: [
      lesionOf(0, 'T4', 'lytic', 0.2, {
        id: 'lesion 11/0/2',
        name: 'T4 lytic 2',
        verdict: 'rejected',
        reason: 'haemangioma',
      }),
    ],
  },
  lesionOrder: { by: 'volume', descending: true },
  focus: { ...looked.focus, selected: ['lesion 9/3/4', 'lesion 9/3/3'] },
  painting: 'lytic',
};
const refused = {
  code: 'store-refused',
  params: { object: 'SEG', reason: 'HTTP 507: Insufficient Storage' },
} as const;

/** By name; the names are those of the pictures. */
export const STATES: Readonly<Record<string, PanelState>> = {
  loading: {
    ...initialState,
    ct: CT,
    model: { ...MODEL, loading: { status: 'loading', done: 21e6, total: 54e6 } },
    vertebrae: { ...READY.vertebrae, reading: { status: 'loading', done: 3, total: 24 } },
  },
  'no-ct': {
    ...initialState,
    model: MODEL,
    ct: {
      choices: [],
      passedOver: [],
      reading: {
        status: 'error',
        problem: { code: 'no-ct-in-study', params: { modalities: ['MR'] } },
      },
    },
  },
  'model-failed': {
    ...READY,
    model: {
      ...MODEL,
      loading: {
        status: 'error',
        problem: { code: 'model-hash', params: { url: 'noise_predictor.onnx', found: '3f…', expected: '7a…' } },
      },
    },
  },
  ready: READY,
  'takes-long': {
    ...READY,
    settings: { ...READY.settings, sampler: 'reference' },
    expected: { ...EXPECTED, minutes: EXPECTED.presets.reference },
  },
  'other-ct-shown': {
    ...READY,
    ct: {
      ...CT,
      passedOver: [
        { object: 'CT 1 Topogram', reason: 'localizer' },
        { object: 'SR Dose report', reason: 'unsupported' },
      ],
      hanging: {
        problem: { code: 'other-series-shown', params: { series: '2 Thorax abdomen (412)' } },
        instead: [{ id: 'thick', label: '3 Thorax abdomen 5.0 (83)' }],
      },
      missing: { problem: { code: 'slices-missing', params: { missing: 31, total: 412 } }, reloading: false },
    },
  },
  'waiting-for-ct': {
    ...initialState,
    model: MODEL,
    ct: { choices: [], passedOver: [], reading: { status: 'loading' } },
  },
  'reading-ct': run({ status: 'running', reading: { done: 120, total: 412 } }),
  running: atWork({ progress: PROGRESS }),
  paused: atWork({ progress: PROGRESS, paused: true }),
  cancelled: { ...atWork({}), run: { status: 'cancelled' } },
  failed: run({
    status: 'error',
    problem: { code: 'worker-lost', params: { reason: 'out of memory' } },
  }),
  overview: done,
  'by-suspicion': { ...done, order: 'suspicion' },
  'looked-at': looked,
  decided: reviewed,
  screened: { ...done, focus: { label: 8, selected: [] } },
  'left-out': { ...done, focus: { label: 7, selected: [] } },
  stored: {
    ...looked,
    vertebrae: READY.vertebrae,
    review: { ...looked.review, canUndo: false },
    lesions: {
      ...done.lesions!,
      origin: 'stored',
      saving: { status: 'saved', seriesDescription: 'Vertebral lesions v2 - Research use only' },
    },
    run: { status: 'idle' },
  },
  'saving-failed': { ...looked, lesions: { ...done.lesions!, saving: { status: 'failed', problem: refused } } },
  large: {
    ...largeReview(),
    ct: CT,
    model: MODEL,
    lesions: {
      origin: 'analysis',
      algorithmType: 'AUTOMATIC',
      saving: { status: 'unsaved' },
      rows: BODIES.flatMap(({ level }, n) => [
        lesionOf(2 * n + 1, level, 'lytic', 0.4 + 0.05 * n),
        lesionOf(2 * n + 2, level, 'blastic', 0.3 + 0.04 * n),
      ]),
      rejected: [],
    },
    run: { status: 'done', seconds: 2810, vertebrae: 24 },
  },
};
