import { DEMO_MIMIC_LEVEL, type DemoStudyPlan } from './timePoints';
import type { DemoVolume } from './volume';

/** What is in the demo study; kept outside its folder. */
export interface DemoTruth {
  readonly researchUseOnly: true;
  readonly timePoint: string;
  readonly studyDate: string;
  /** Degenerative changes, no metastasis (at baseline). */
  readonly mimicLevel: string;
  readonly lesions: readonly DemoTruthLesion[];
}

export interface DemoTruthLesion {
  readonly name: string;
  readonly level: string;
  /** Label of the vertebra in the vertebrae SEG. */
  readonly vertebraLabel: number;
  readonly kind: 'lytic' | 'blastic';
  readonly voxels: number;
  readonly millilitres: number;
  /** LPS mm of its centroid. */
  readonly centreLps: readonly [number, number, number];
}

/** Measures every lesion of a plan on the truth mask. */
export function demoTruth(demo: DemoVolume, plan: DemoStudyPlan): DemoTruth {
  return {
    researchUseOnly: true,
    timePoint: plan.timePoint,
    studyDate: plan.date,
    mimicLevel: DEMO_MIMIC_LEVEL,
    lesions: plan.lesions.map(({ level, name, lesion }) => {
      const label = demo.levels.find(one => one.level === level)?.label ?? 0;
      return { name, level, vertebraLabel: label, kind: lesion.kind, ...measure(demo, label, lesion.kind) };
    }),
  };
}

function measure(
  demo: DemoVolume,
  label: number,
  kind: 'lytic' | 'blastic'
): Pick<DemoTruthLesion, 'voxels' | 'millilitres' | 'centreLps'> {
  const { dims, indexToLps, labels } = demo.truth;
  const value = kind === 'lytic' ? 1 : 2;
  const sum = [0, 0, 0];
  let voxels = 0;
  for (let k = 0, n = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, n++) {
        if (labels[n] !== value || demo.bodies.labels[n] !== label) continue;
        voxels++;
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
      }
  const spacing = [indexToLps[0], indexToLps[5], indexToLps[10]];
  const centre = [0, 1, 2].map(a => round(indexToLps[4 * a + 3] + (sum[a] / voxels) * spacing[a]));
  return {
    voxels,
    millilitres: round((voxels * spacing[0] * spacing[1] * spacing[2]) / 1000),
    centreLps: [centre[0], centre[1], centre[2]],
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
