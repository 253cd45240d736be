import type { Labelmap, Volume } from '@spine/core';
import { paintBody } from '../anatomy/paintBody';
import { paintBars, posteriorBars } from '../anatomy/paintPosterior';
import { paintDiscAndCanal } from '../anatomy/paintSurroundings';
import { drawSpine, type Vertebra } from '../anatomy/spine';
import { TRUTH } from '../dataset/sample';
import { addNoise, blurLikeScanner, type Scanner } from '../imaging/scanner';
import type { Field } from '../math/grid';
import { poseOf, toLps } from '../math/pose';
import { randomStream, type Random } from '../math/random';
import type { Host, LesionWeights } from '../pathology/host';
import { paintLesion } from '../pathology/lesions';
import { paintMimic, type Mimic } from '../pathology/mimics';
import {
  DEMO_ANATOMY,
  DEMO_LEVELS,
  DEMO_MIMIC_LEVEL,
  DEMO_RUN,
  demoPlan,
  type DemoStudyPlan,
  type DemoTimePoint,
} from './timePoints';
import { paintTorso } from './torso';

/** The demo CT and everything known about it, on one grid (LPS, slices from feet to head). */
export interface DemoVolume {
  readonly volume: Volume;
  /** Whole vertebrae (body and posterior elements): value = label of {@link DemoVolume.levels}. */
  readonly vertebrae: Labelmap;
  /** The bodies alone, same labels. */
  readonly bodies: Labelmap;
  /** 1 lytic, 2 blastic: where at least half of what the scanner shows is lesion, within the body. */
  readonly truth: Labelmap;
  readonly levels: readonly { readonly label: number; readonly level: string }[];
}

/** Name of all the demo's random streams. */
const SEED = 'demo-study/1';
const DIMS = [256, 256, 120] as const;
const SPACING_MM = [0.8, 0.8, 1.5] as const;
/** LPS of voxel (0, 0, 0) with the L1 body's centre at the origin; the lower end lies in L4, the upper in T10. */
const ORIGIN_MM = [-102, -112, -97] as const;
/** The table's top behind the L1 body's centre, mm. */
const TABLE_Y_MM = 80;
/** A standard protocol: medium kernel, moderate dose. */
const DEMO_SCANNER: Scanner = {
  sigmaMm: 0.45,
  sharpening: 0.15,
  sliceThicknessMm: 1.5,
  sliceSpacingMm: 1.5,
  noiseHu: 16,
  grain: 'medium',
};
/** Degenerative changes of {@link DEMO_MIMIC_LEVEL}. */
const DEMO_MIMICS: readonly Mimic[] = ['endplate-sclerosis', 'schmorl-node', 'osteophyte'];

/** Makes the demo CT in memory, the same on every call. About 5 s on one core. */
export function generateDemoVolume(timePoint: DemoTimePoint = 'baseline'): DemoVolume {
  const plan = demoPlan(timePoint);
  const random = randomStream(SEED);
  const spine = placedSpine(random, plan);
  const voxels = DIMS[0] * DIMS[1] * DIMS[2];
  const scene: Field = { data: new Float32Array(voxels), dims: DIMS, origin: ORIGIN_MM, spacing: SPACING_MM };
  const shift = plan.shiftMm;
  const l1 = spine[DEMO_RUN.indexOf('L1')].pose.centre;
  paintTorso(DEMO_ANATOMY, spine, l1[2], TABLE_Y_MM + shift[1], scene);
  const vertebrae = new Uint8Array(voxels);
  const bodies = new Uint8Array(voxels);
  for (const vertebra of spine)
    paintDiscAndCanal(random.fork(`disc/${vertebra.level.name}`), DEMO_ANATOMY, vertebra, scene);
  for (const vertebra of spine) {
    const own = random.fork(`bone/${vertebra.level.name}`);
    const mask = { labels: vertebrae, label: labelOf(vertebra) };
    paintBars(own, DEMO_ANATOMY, vertebra, posteriorBars(own, vertebra), scene, 1, mask);
  }
  const none = () => new Float32Array(voxels);
  const weights: LesionWeights = { lytic: none(), blastic: none(), rim: none() };
  for (const vertebra of spine) paintVertebra(random, plan, vertebra, scene, weights, bodies);
  for (let n = 0; n < voxels; n++) if (bodies[n] > 0) vertebrae[n] = bodies[n];
  const truth = truthOf(weights, scene, bodies);
  const image = blurLikeScanner(scene, { ...DEMO_SCANNER, sliceThicknessMm: 0.6 });
  addNoise(random.fork(`noise/${timePoint}`), image, DEMO_SCANNER);
  const indexToLps = Float64Array.from([
    ...[SPACING_MM[0], 0, 0, ORIGIN_MM[0]],
    ...[0, SPACING_MM[1], 0, ORIGIN_MM[1]],
    ...[0, 0, SPACING_MM[2], ORIGIN_MM[2]],
    ...[0, 0, 0, 1],
  ]);
  const map = (labels: Uint8Array): Labelmap => ({ labels, dims: DIMS, indexToLps });
  return {
    volume: { hu: new Int16Array(image.data), dims: DIMS, indexToLps },
    vertebrae: map(vertebrae),
    bodies: map(bodies),
    truth: map(truth),
    levels: DEMO_LEVELS.map((level, n) => ({ label: n + 1, level })),
  };
}

/** The patient's spine, lying as the plan says: the same bones, shifted and tipped about L1. */
function placedSpine(random: Random, plan: DemoStudyPlan): Vertebra[] {
  const spine = drawSpine(random.fork('spine'), DEMO_ANATOMY, DEMO_RUN, 'L1');
  const turn = poseOf(plan.shiftMm, plan.leanDegrees);
  return spine.map(vertebra => {
    const { axes, centre } = vertebra.pose;
    const turned = new Float64Array(9);
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++)
        for (let n = 0; n < 3; n++) turned[3 * r + c] += turn.axes[3 * r + n] * axes[3 * n + c];
    return { ...vertebra, pose: { centre: toLps(turn, centre), axes: turned } };
  });
}

/** 1.. for the vertebrae with masks, 0 for those cut by the volume's ends. */
function labelOf(vertebra: Vertebra): number {
  return DEMO_LEVELS.findIndex(level => level === vertebra.level.name) + 1;
}

function paintVertebra(
  random: Random,
  plan: DemoStudyPlan,
  vertebra: Vertebra,
  scene: Field,
  weights: LesionWeights,
  bodies: Uint8Array
): void {
  const name = vertebra.level.name;
  const depth = new Float32Array(scene.data.length).fill(-50);
  paintBody(random.fork(`body/${name}`), DEMO_ANATOMY, vertebra, scene, depth, 1);
  const host = demoHost(vertebra, scene, depth);
  if (name === DEMO_MIMIC_LEVEL)
    for (const mimic of DEMO_MIMICS) paintMimic(random.fork(`mimic/${mimic}`), host, mimic);
  for (const { level, lesion } of plan.lesions) if (level === name) paintLesion(host, lesion, weights);
  const label = labelOf(vertebra);
  if (label === 0) return;
  for (let n = 0; n < depth.length; n++) if (depth[n] > 0) bodies[n] = label;
}

function demoHost(vertebra: Vertebra, hu: Field, depth: Float32Array): Host {
  const { widthMm, depthMm } = vertebra.shape.parameters;
  return {
    hu,
    depth,
    pose: vertebra.pose,
    widthMm,
    depthMm,
    heightMm: vertebra.shape.heightMm,
    trabecularHu: vertebra.trabecularHu,
    cortexMm: DEMO_ANATOMY.cortexMm,
    discHu: vertebra.discHu,
  };
}

function truthOf(weights: LesionWeights, scene: Field, bodies: Uint8Array): Uint8Array {
  const scanner = { ...DEMO_SCANNER, sliceThicknessMm: 0.6 };
  const lytic = blurLikeScanner({ ...scene, data: weights.lytic }, scanner).data;
  const blastic = blurLikeScanner({ ...scene, data: weights.blastic }, scanner).data;
  return bodies.map((body, n) =>
    body === 0 || lytic[n] + blastic[n] < 0.5 ? TRUTH.none : lytic[n] >= blastic[n] ? TRUTH.lytic : TRUTH.blastic
  );
}
