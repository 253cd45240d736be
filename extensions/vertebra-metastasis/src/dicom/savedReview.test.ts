/** What is known of a region besides its score comes back from a stored result. */
import { emptyReview, PUBLISHED_RULES, type ReviewState } from '../core';
import { candidate, square } from '../core/testing/study';
import { packReview, readReview } from './savedReview';

const frame = {
  origin: [0, 0, 0],
  rowDirection: [0, 1, 0],
  columnDirection: [0, 0, -1],
  normal: [1, 0, 0],
  spacing: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
} as const;

test.each([
  {},
  { skipped: true },
  { estimated: true },
  { estimated: true, leftOut: 'faint' },
  { leftOut: 'contradicted' },
  { leftOut: 'covered' },
  { leftOut: 'unsupported' },
  { leftOut: 'isolated' },
] as const)('%j', marks => {
  const region = { ...candidate(0, 'lytic', square(3), 0.9), ...marks };
  const state: ReviewState = {
    ...emptyReview,
    findings: [
      {
        ...{ level: 'T12', label: 20, centreLps: [0, 0, 0], modelRules: PUBLISHED_RULES },
        ...{ skipped: 0, malignancyProbability: 0.9, screened: [] },
        slices: [{ offsetMm: 0, frame, malignancyProbability: 0.9, candidates: [region] }],
      },
    ],
  };
  const again = readReview({ review: JSON.parse(JSON.stringify(packReview(state))) })!;
  expect(again.findings[0].slices[0].candidates).toEqual([region]);
});
