/** States of the panel made without a study: many vertebrae with many candidates. */
import { emptyReview, PUBLISHED_RULES, type VertebraFindings } from '@spine/core/review';
import { straightenedSpine } from '@spine/core/overview';
import type { VertebraAnalysis } from '@spine/core/study';
import { candidate, SPEC, square } from '@spine/core/testing/study';
import { PATCH_PIXELS } from '@spine/core/types';
import {
  initialState,
  type LesionRow,
  type PanelState,
  type SpineOverview,
  type VertebraEntry,
} from '../../../extensions/vertebra-metastasis/src/ui';

const named = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${letter}${n + 1}`);
export const LEVELS = [...named('C', 7), ...named('T', 12), ...named('L', 5)];

const FRAME = {
  origin: [0, 0, 0],
  rowDirection: [0, 1, 0],
  columnDirection: [0, 0, -1],
  normal: [1, 0, 0],
  spacing: SPEC.spacingMm,
} as const;

/** Slices with the same candidates each. */
const SLICES = 12;
const candidates = Array.from({ length: 5 }, (_, id) => ({
  ...candidate(id, id % 2 ? 'blastic' : 'lytic', square(2, 8 * id - 16, 5 * id - 10), 0.3 + 0.15 * id),
  huMean: 200 + id,
}));
const offsets = Array.from({ length: SLICES }, (_, n) => Number(((n - SLICES / 2) * 0.8).toFixed(1)));

export function findingsOf(label: number, level: string, malignancyProbability = (label % 10) / 10): VertebraFindings {
  return {
    label,
    level,
    centreLps: [0, 0, 0],
    screened: [],
    skipped: 0,
    malignancyProbability,
    slices: offsets.map(offsetMm => ({ offsetMm, frame: FRAME, malignancyProbability: 0.9, candidates })),
    modelRules: PUBLISHED_RULES,
  };
}

/** A lesion of the largest candidates of its kind in half of the slices of a vertebra. */
export function lesionOf(
  index: number,
  level: string,
  kind: 'lytic' | 'blastic',
  millilitres: number,
  more: Partial<LesionRow> = {}
): LesionRow {
  const vertebraLabel = LEVELS.indexOf(level) + 1;
  const id = kind === 'lytic' ? 4 : 3;
  const slices = offsets.slice(3, 9).map((offsetMm, n) => ({
    slice: n + 3,
    offsetMm,
    score: candidates[id].attributionScore,
    candidates: [`${vertebraLabel}/${n + 3}/${id}`],
  }));
  return {
    id: `lesion ${vertebraLabel}/3/${id}`,
    index,
    name: `${level} ${kind} 1`,
    level,
    vertebraLabel,
    kind,
    millilitres,
    voxels: Math.round(millilitres * 1600),
    score: 0.9,
    rawScore: 0.9,
    huMean: kind === 'lytic' ? 64 : 512,
    slices,
    diameters: { longestAxialMm: 12.4, perpendicularAxialMm: 8.6, longestMm: 14.1 },
    place: { side: 'left', depth: 'posterior', height: 'upper' },
    flags: [],
    drawn: false,
    doubted: false,
    atLeast: false,
    ...more,
  };
}

/** A soft ellipse with a spot: something to look at in the images. */
function image(spot: number): Float32Array {
  return Float32Array.from({ length: PATCH_PIXELS }, (_, n) => {
    const [x, y] = [(Math.floor(n / 64) - 32) / 20, ((n % 64) - 32) / 16];
    const body = 0.55 / (1 + Math.exp(12 * (Math.hypot(x, y) - 1)));
    return 0.15 + body + spot * Math.exp(-8 * ((x - 0.3) ** 2 + (y + 0.1) ** 2));
  });
}

export function analysisOf(label: number, level: string): VertebraAnalysis {
  const [reconstruction, healthyEdit] = [image(0.4), image(0)];
  const attribution = {
    patch: image(0.45),
    reconstruction,
    healthyEdit,
    candidates,
    bodyMask: square(20),
    differenceMap: healthyEdit.map((value, n) => value - reconstruction[n]),
    composites: candidates.map(({ id }) => image(0.1 * id)),
    harmonised: candidates.map(({ id }) => image(0.1 * id + 0.05)),
  };
  const slices = offsets.map(offsetMm => ({ offsetMm, frame: FRAME, paddedPixels: 0, attribution }));
  return { label, level, slices, screenedSlices: [], skippedSlices: [] } as unknown as VertebraAnalysis;
}

export function entryOf(label: number, level: string, more: Partial<VertebraEntry> = {}): VertebraEntry {
  return { label, level, sourceName: `vertebrae_${level}`, included: true, centreLps: [0, 0, 0], ...more };
}

/** A map of bodies at the usual distances, each with a lytic spot in front and a blastic one behind. */
export function overviewOf(labels: readonly number[]): SpineOverview {
  const frame = straightenedSpine(
    labels.map(label => ({ label, centreLps: [0, 9 * Math.sin(label / 4), -24 * label] }))
  )!;
  const { rows, columns, pixelMm, bodies } = frame;
  const image = (at: (mm: number, share: number) => number) =>
    Uint8Array.from({ length: rows * columns }, (_, pixel) => {
      const row = Math.floor(pixel / columns);
      const body = bodies.find(({ top, bottom }) => row >= top && row < bottom);
      const mm = ((pixel % columns) - columns / 2) * pixelMm;
      return body ? at(mm, (row - body.top) / (body.bottom - body.top)) : 0;
    });
  const grey = image((mm, share) => (Math.abs(mm) < 16 && Math.abs(share - 0.5) < 0.38 ? 140 : 60));
  const marks = image((mm, share) =>
    Math.abs(share - 0.5) > 0.2 || Math.abs(mm) > 12 ? 0 : mm < -4 ? 1 : mm > 4 ? 2 : 0
  );
  return { rows, columns, pixelMm, bodies, grey, marks };
}

/** From C2, as C1 has no body; labels as in LEVELS. */
export const BODIES = [...LEVELS.slice(1), 'L6'].map((level, n) => ({ level, label: n + 2 }));

/** 24 vertebrae with 60 candidates each; T2 is looked at, with its images. */
export function largeReview(): PanelState {
  const value = BODIES.map(({ level, label }) =>
    entryOf(label, level, label === 9 ? { analysis: analysisOf(label, level) } : {})
  );
  return {
    ...initialState,
    vertebrae: { choices: [{ id: 'seg', label: 'SEG' }], selected: 'seg', reading: { status: 'ready', value } },
    review: {
      ...initialState.review,
      present: { ...emptyReview, findings: BODIES.map(({ level, label }) => findingsOf(label, level)) },
    },
    focus: { label: 9, key: '9/0/4', selected: [] },
    overview: overviewOf(BODIES.map(({ label }) => label)),
  };
}
