import type { PatchFrame } from '../geometry';
import { candidate, LABELS, spine, square } from '../testing/study';
import { accept, addStroke, merge, reject, setKind, setReviewed, setRules } from './decide';
import type { VertebraFindings } from './findings';
import { emptyReview, PUBLISHED_RULES, type ReviewState } from './state';
import { reviewSummary } from './summary';

const FRAME: PatchFrame = {
  origin: [0, 0, 0],
  rowDirection: [0, 1, 0],
  columnDirection: [0, 0, -1],
  normal: [1, 0, 0],
  spacing: spine().spec.spacingMm,
};

function findings(label: number, level: string): VertebraFindings {
  const candidates = [
    candidate(0, 'blastic', square(2, 6), 0.7),
    candidate(1, 'lytic', square(3, -6), 0.9),
    candidate(2, 'lytic', square(1, 0, 8), 0.2),
  ];
  const slice = { offsetMm: 0, frame: FRAME, malignancyProbability: 0.9, candidates };
  const rest = { centreLps: [0, 0, 0], screened: [], skipped: 0, malignancyProbability: 0.9 } as const;
  return { label, level, ...rest, slices: [slice], modelRules: PUBLISHED_RULES };
}
const state: ReviewState = { ...emptyReview, findings: [findings(LABELS.L1, 'L1'), findings(LABELS.T11, 'T11')] };
const key = (label: number, id: number) => `${label}/0/${id}`;

test('nothing decided: counts alone', () => {
  expect(reviewSummary(state)).toEqual({
    rules: PUBLISHED_RULES,
    modelRules: [PUBLISHED_RULES],
    rulesMoved: false,
    candidates: 6,
    kept: 4,
    levels: [],
  });
});

test('what was decided, by level from head to pelvis, reasons in their order', () => {
  let now = reject(state, [key(LABELS.L1, 1)], 'other');
  now = reject(now, [key(LABELS.L1, 0)], 'degenerative');
  now = accept(now, [key(LABELS.T11, 2)]);
  now = setKind(now, [key(LABELS.T11, 0)], 'lytic');
  now = merge(now, [key(LABELS.T11, 1), key(LABELS.T11, 2)]);
  now = setReviewed(now, LABELS.L1, true);
  now = addStroke(now, {
    offsets: Uint32Array.of(3),
    values: Uint8Array.of(0),
    lesions: [],
    touched: [{ vertebraLabel: LABELS.L1, level: 'L1', kind: 'blastic' }],
  });
  now = setRules({ ...now, levels: { [LABELS.L1]: 'L2' } }, { threshold: 0.8, minPixels: 5 });
  const nothing = { reviewed: false, accepted: 0, rejected: [], kindChanged: [], merged: 0, drawn: [] };
  expect(reviewSummary(now)).toMatchObject({
    rulesMoved: true,
    levels: [
      { ...nothing, level: 'T11', accepted: 1, kindChanged: [{ to: 'lytic', regions: 1 }], merged: 1 },
      {
        ...nothing,
        level: 'L2',
        reviewed: true,
        drawn: ['blastic'],
        rejected: [
          { reason: 'degenerative', regions: 1 },
          { reason: 'other', regions: 1 },
        ],
      },
    ],
  });
});
