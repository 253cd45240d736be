import type { PatientAnatomy } from '../anatomy/spine';
import type { Point } from '../math/pose';
import type { Lesion } from '../pathology/lesions';

/** Which of the two studies of the demo patient. */
export type DemoTimePoint = 'baseline' | 'follow-up';

/** A lesion of the demo patient, at a level. */
export interface DemoLesion {
  readonly level: string;
  /** Keeps its name over time. */
  readonly name: string;
  readonly lesion: Lesion;
}

/** What differs between the studies. */
export interface DemoStudyPlan {
  readonly timePoint: DemoTimePoint;
  /** DICOM date and time. */
  readonly date: string;
  readonly time: string;
  readonly description: string;
  /** How the patient lies: shift in mm (LPS) and change of lean in degrees against the baseline. */
  readonly shiftMm: Point;
  readonly leanDegrees: number;
  readonly lesions: readonly DemoLesion[];
}

/** Vertebrae wholly in view, with masks. */
export const DEMO_LEVELS = ['T11', 'T12', 'L1', 'L2', 'L3'] as const;
/** Those in view at least in part, top to bottom. */
export const DEMO_RUN = ['T10', ...DEMO_LEVELS, 'L4'] as const;
/** The vertebra with degenerative changes and no metastasis (at baseline). */
export const DEMO_MIMIC_LEVEL = 'L1';

/** A middle-aged patient of moderate bone density, with intravenous contrast. */
export const DEMO_ANATOMY: PatientAnatomy = {
  scale: 0.93,
  trabecularHu: 175,
  trabecularContrast: 0.5,
  cortexMm: 0.8,
  cortexHu: 900,
  degeneration: 0.15,
  leanDegrees: 1,
  sideDegrees: 1,
  bloodHu: 165,
  muscleHu: 55,
};

const base = { irregularity: 0.18, marginMm: 1, breaksCortex: false, residual: 0.15 } as const;

/** Blastic nodule, nearly round. */
const t11Blastic: Lesion = {
  ...base,
  kind: 'blastic',
  pattern: 'nodule',
  centre: [1, -3, 2],
  radiiMm: [7.5, 7, 6.5],
  hu: 640,
  residual: 0.3,
  noiseOffset: [3, 9, 27],
};
/** Lytic lesion of the posterior half that has broken through the wall. */
const t12Lytic: Lesion = {
  ...base,
  kind: 'lytic',
  pattern: 'geographic',
  centre: [-3, 8.5, -1],
  radiiMm: [9, 8, 7.5],
  hu: 45,
  breaksCortex: true,
  irregularity: 0.24,
  noiseOffset: [31, 5, 11],
};
/** Large cotton-wool sclerosis. */
const l2Blastic: Lesion = {
  ...base,
  kind: 'blastic',
  pattern: 'cotton-wool',
  centre: [3, -4, -2],
  radiiMm: [12, 9, 8.5],
  hu: 520,
  marginMm: 2,
  irregularity: 0.22,
  noiseOffset: [17, 41, 8],
};
/** Smaller lytic focus in the marrow, walls intact. */
const l3Lytic: Lesion = {
  ...base,
  kind: 'lytic',
  pattern: 'geographic',
  centre: [2, -2, 3],
  radiiMm: [6.5, 6.5, 6],
  hu: 35,
  noiseOffset: [52, 13, 29],
};

const BASELINE: DemoStudyPlan = {
  timePoint: 'baseline',
  date: '20250310',
  time: '101500',
  description: 'Synthetic phantom spine (research)',
  shiftMm: [0, 0, 0],
  leanDegrees: 0,
  lesions: [
    { level: 'T11', name: 'T11 blastic', lesion: t11Blastic },
    { level: 'T12', name: 'T12 lytic', lesion: t12Lytic },
    { level: 'L2', name: 'L2 blastic', lesion: l2Blastic },
    { level: 'L3', name: 'L3 lytic', lesion: l3Lytic },
  ],
};

/** Six months later: T11 grown, L3 gone, a new lytic focus in L1; T12 and L2 as they were. */
const FOLLOW_UP: DemoStudyPlan = {
  timePoint: 'follow-up',
  date: '20250915',
  time: '142000',
  description: 'Synthetic phantom spine, follow-up',
  shiftMm: [4.3, -3.1, 5.6],
  leanDegrees: 1.5,
  lesions: [
    { level: 'T11', name: 'T11 blastic', lesion: { ...t11Blastic, radiiMm: [10.5, 9.5, 8.5] } },
    { level: 'T12', name: 'T12 lytic', lesion: t12Lytic },
    {
      level: 'L1',
      name: 'L1 lytic',
      lesion: { ...l3Lytic, centre: [-1, 1, -4], radiiMm: [7.5, 7.5, 6], noiseOffset: [5, 33, 21] },
    },
    { level: 'L2', name: 'L2 blastic', lesion: l2Blastic },
  ],
};

/** The plan of a study. */
export function demoPlan(timePoint: DemoTimePoint): DemoStudyPlan {
  return timePoint === 'baseline' ? BASELINE : FOLLOW_UP;
}
