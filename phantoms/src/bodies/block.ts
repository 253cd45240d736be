/** Stretches of spine with every body known: what the network that outlines bodies is trained on. */
import { paintBody } from '../anatomy/paintBody';
import { paintBars, posteriorBars } from '../anatomy/paintPosterior';
import { drawSurroundings, paintDiscAndCanal, paintSurroundings } from '../anatomy/paintSurroundings';
import { LEVEL_SIZES, levelIndex, PHANTOM_LEVELS } from '../anatomy/levels';
import { drawPatientAnatomy, drawSpine, type PatientAnatomy, type Vertebra } from '../anatomy/spine';
import { drawScanner, scan } from '../imaging/scanner';
import { sampleField, type Field } from '../math/grid';
import type { Point } from '../math/pose';
import { randomStream, type Random } from '../math/random';
import { visitBox } from '../math/visit';
import { paintPathology } from '../pathology/plan';

/** What lies at a voxel; bodies count upwards from {@link TISSUE.firstBody}, in order from head to pelvis. */
export const TISSUE = { other: 0, disc: 1, canal: 2, posterior: 3, firstBody: 8 } as const;
/** Signed depths are stored as this many steps per mm. */
export const DEPTH_STEPS_PER_MM = 32;

/** Voxels of a block and their spacing, mm: room for the largest body, its neighbours and a shifted click. */
export const BLOCK = { dims: [88, 80, 84], spacingMm: 1 } as const;
/** Spacing of the painted scene, mm. */
const SCENE_SPACING_MM = 0.8;
const MARGIN_MM = 6;
/** The bodies of a block lie a little before its middle: canal and arch take the room behind. */
const FORWARD_MM = 8;
const MALIGNANT_SHARE = 0.45;
const MOST_STEPS = 127;
/** Asks for lesions as large as they come: a single one of at least three quarters of the body's least size. mm */
const LARGE_MM = 100;

/** A block in LPS order (x to the left fastest, then posterior, then superior). */
export interface BodyBlock {
  readonly hu: Int16Array;
  /** {@link TISSUE} per voxel. */
  readonly tissue: Uint8Array;
  /** Depth below the nearest body surface, positive inside, in 1 / {@link DEPTH_STEPS_PER_MM} mm, clamped. */
  readonly depth: Int8Array;
  /** In the order of their codes; centres in voxels. */
  readonly bodies: readonly { readonly level: string; readonly centre: Point; readonly heightMm: number }[];
  readonly sliceThicknessMm: number;
}

/**
 * Makes the block of a number; the same on every call. About 3 s.
 * @param largeLesions every malignant body has a large lesion
 */
export function makeBodyBlock(seed: number, number: number, largeLesions = false): BodyBlock {
  const random = randomStream(`body-block/${seed}/${number}`);
  const anatomy = drawPatientAnatomy(random.fork('anatomy'));
  const scanner = drawScanner(random.fork('scanner'));
  const anchor = levelIndex(random.pick(PHANTOM_LEVELS));
  const names = LEVEL_SIZES.slice(Math.max(0, anchor - 3), anchor + 4).map(({ name }) => name);
  const spine = drawSpine(random.fork('spine'), anatomy, names, LEVEL_SIZES[anchor].name);
  const scene = emptyScene();
  const tissue = new Uint8Array(scene.data.length);
  const leastLesionMm = largeLesions ? LARGE_MM : Math.max(3, 1.6 * scanner.sliceThicknessMm);
  const depth = paintScene(random, anatomy, spine, anchor, scene, tissue, leastLesionMm);
  const slices = scan(random.fork('scan'), scene, scanner);
  return {
    ...onBlock(slices, scene, tissue, depth),
    bodies: bodiesOf(spine),
    sliceThicknessMm: scanner.sliceThicknessMm,
  };
}

function emptyScene(): Field {
  const half = BLOCK.dims.map(n => (n * BLOCK.spacingMm) / 2 + MARGIN_MM);
  const dims = half.map(value => Math.ceil((2 * value) / SCENE_SPACING_MM) + 1) as [number, number, number];
  return {
    data: new Float32Array(dims[0] * dims[1] * dims[2]),
    dims,
    origin: [-half[0], -half[1] + FORWARD_MM, -half[2]],
    spacing: [SCENE_SPACING_MM, SCENE_SPACING_MM, SCENE_SPACING_MM],
  };
}

/** @returns depth below the nearest body's surface, mm; `tissue` is filled in */
function paintScene(
  random: Random,
  anatomy: PatientAnatomy,
  spine: readonly Vertebra[],
  anchor: number,
  scene: Field,
  tissue: Uint8Array,
  leastLesionMm: number
): Float32Array {
  const around = drawSurroundings(random.fork('surroundings'), anatomy, LEVEL_SIZES[anchor].region);
  paintSurroundings(anatomy, around, spine[spine.findIndex(({ level }) => level === LEVEL_SIZES[anchor])], scene);
  for (const vertebra of spine) {
    paintDiscAndCanal(random.fork(`disc/${vertebra.level.name}`), anatomy, vertebra, scene);
    markDiscAndCanal(vertebra, scene, tissue);
  }
  for (const vertebra of spine) {
    const own = random.fork(`bone/${vertebra.level.name}`);
    const mask = { labels: tissue, label: TISSUE.posterior };
    paintBars(own, anatomy, vertebra, posteriorBars(own, vertebra), scene, SCENE_SPACING_MM, mask);
  }
  const deepest = new Float32Array(scene.data.length).fill(-50);
  spine.forEach((vertebra, n) => {
    const { name } = vertebra.level;
    const depth = new Float32Array(scene.data.length).fill(-50);
    paintBody(random.fork(`body/${name}`), anatomy, vertebra, scene, depth, SCENE_SPACING_MM);
    for (let at = 0; at < depth.length; at++) {
      if (depth[at] > 0) tissue[at] = TISSUE.firstBody + n;
      if (depth[at] > deepest[at]) deepest[at] = depth[at];
    }
    const own = random.fork(`pathology/${name}`);
    const { parameters } = vertebra.shape;
    const host = {
      hu: scene,
      depth,
      pose: vertebra.pose,
      widthMm: parameters.widthMm,
      depthMm: parameters.depthMm,
      heightMm: vertebra.shape.heightMm,
      trabecularHu: vertebra.trabecularHu,
      cortexMm: anatomy.cortexMm,
      discHu: vertebra.discHu,
    };
    paintPathology(own, host, { malignant: own.chance(MALIGNANT_SHARE), leastDiameterMm: leastLesionMm });
  });
  return deepest;
}

/** The places of the disc above a vertebra and of its stretch of the canal, as boxes with oval sections. */
function markDiscAndCanal({ shape, level, pose, discAboveMm }: Vertebra, scene: Field, tissue: Uint8Array): void {
  const [w, d, h] = [shape.parameters.widthMm / 2, shape.parameters.depthMm / 2, shape.heightMm / 2];
  visitBox(scene, pose, [-w, -d, h - 2], [w, d, h + discAboveMm + 2], (index, x, y) => {
    if ((x / w) ** 2 + (y / d) ** 2 < 1) tissue[index] = TISSUE.disc;
  });
  const [width, depth] = level.canalMm;
  const middle = d + depth / 2;
  visitBox(scene, pose, [-width / 2, d, -h], [width / 2, d + depth, h + discAboveMm], (index, x, y) => {
    if ((x / (width / 2)) ** 2 + ((y - middle) / (depth / 2)) ** 2 < 1) tissue[index] = TISSUE.canal;
  });
}

function onBlock(
  slices: Field,
  scene: Field,
  tissue: Uint8Array,
  depth: Float32Array
): Pick<BodyBlock, 'hu' | 'tissue' | 'depth'> {
  const [nx, ny, nz] = BLOCK.dims;
  const hu = new Int16Array(nx * ny * nz);
  const kinds = new Uint8Array(hu.length);
  const depths = new Int8Array(hu.length);
  const field = { ...scene, data: depth };
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const [x, y, z] = lpsOf([i, j, k]);
        hu[n] = Math.round(sampleField(slices, x, y, z));
        const steps = Math.round(DEPTH_STEPS_PER_MM * sampleField(field, x, y, z));
        depths[n] = Math.max(-MOST_STEPS, Math.min(MOST_STEPS, steps));
        const cell = [x, y, z].map((value, a) => Math.round((value - scene.origin[a]) / scene.spacing[a]));
        kinds[n] = tissue[cell[0] + scene.dims[0] * (cell[1] + scene.dims[1] * cell[2])];
      }
  return { hu, tissue: kinds, depth: depths };
}

function lpsOf(index: Point): Point {
  return index.map(
    (value, a) => (value - (BLOCK.dims[a] - 1) / 2) * BLOCK.spacingMm + (a === 1 ? FORWARD_MM : 0)
  ) as unknown as Point;
}

function bodiesOf(spine: readonly Vertebra[]): BodyBlock['bodies'] {
  return spine.map(({ level, pose, shape }) => ({
    level: level.name,
    heightMm: shape.heightMm,
    centre: pose.centre.map(
      (value, a) => (value - (a === 1 ? FORWARD_MM : 0)) / BLOCK.spacingMm + (BLOCK.dims[a] - 1) / 2
    ) as unknown as Point,
  }));
}
