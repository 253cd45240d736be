import { paintBody } from '../anatomy/paintBody';
import { paintBars, posteriorBars } from '../anatomy/paintPosterior';
import { drawSurroundings, paintDiscAndCanal, paintSurroundings } from '../anatomy/paintSurroundings';
import { LEVEL_SIZES, levelIndex, PHANTOM_LEVELS } from '../anatomy/levels';
import { drawPatientAnatomy, drawSpine, type PatientAnatomy, type Vertebra } from '../anatomy/spine';
import { drawScanner, scan, type Scanner } from '../imaging/scanner';
import type { Field } from '../math/grid';
import { randomStream, type Random } from '../math/random';
import { emptyWeights, type Host, type LesionWeights } from '../pathology/host';
import { EVEN_MIMICS, paintPathology, UNEVEN_MIMICS, type Pathology } from '../pathology/plan';
import type { Split } from './split';
import { bodyCentroid, cropSample, labelled, showsLesions, slicesFor, type Recipe, type Sample } from './sample';

/** Spacing of the grid scenes are painted on, mm: finer than any image made from it. */
const SCENE_SPACING_MM = 0.6;
/** Half extents of the scene beyond the crop, mm; along z a thick slice must fit. */
const SCENE_MARGIN_MM = [2, 2, 5] as const;
/** Draws of a malignant vertebra until its lesions show. */
const ATTEMPTS = 6;

/** A synthetic patient: the seed's stream decides everything. */
export interface SyntheticPatient {
  readonly id: string;
  readonly split: Split;
  readonly anatomy: PatientAnatomy;
  readonly scanner: Scanner;
  readonly levels: readonly { readonly name: string; readonly malignant: boolean }[];
  readonly random: Random;
}

/** Draws a patient with up to `most` vertebrae. Streams are named by seed, split and number, so splits never share one. */
export function drawSyntheticPatient(seed: number, split: Split, number: number, most: number): SyntheticPatient {
  const id = `syn-${split}-${String(number).padStart(4, '0')}`;
  const random = randomStream(`phantom/${seed}/${id}`);
  const count = Math.min(most, random.integer(3, 7));
  const metastatic = random.chance(0.78);
  const chosen = new Set<string>();
  const first = random.integer(0, PHANTOM_LEVELS.length - 1);
  for (let n = 0; chosen.size < count; n++) {
    chosen.add(PHANTOM_LEVELS[(first + n + (random.chance(0.3) ? 1 : 0)) % PHANTOM_LEVELS.length]);
  }
  return {
    id,
    split,
    anatomy: drawPatientAnatomy(random.fork('anatomy')),
    scanner: drawScanner(random.fork('scanner')),
    levels: [...chosen].map(name => ({ name, malignant: metastatic && random.chance(0.65) })),
    random,
  };
}

/** Makes one vertebra of a patient as in the first edition; `leastMiddlePixels` as in {@link showsLesions}. */
export function makeSyntheticSample(patient: SyntheticPatient, at: number, leastMiddlePixels = 0): Sample {
  return makeSyntheticSamples(patient, at, { leastMiddlePixels, twins: false })[0];
}

/** Makes one vertebra of a patient and, where the recipe asks for it and it is malignant, its twin without lesions. */
export function makeSyntheticSamples(patient: SyntheticPatient, at: number, recipe: Recipe): Sample[] {
  const { name, malignant } = patient.levels[at];
  for (let attempt = 0; ; attempt++) {
    const random = patient.random.fork(`${name}/${attempt}`);
    const { scene, without, host, pathology } = paintScene(random, patient, name, malignant, attempt, recipe.twins);
    const geometry = { centre: bodyCentroid(scene, host.depth), slices: slicesFor(host.widthMm) };
    const cropped = (field: Field, weights: LesionWeights) => {
      const slices = scan(random.fork('scan'), field, patient.scanner);
      return cropSample(slices, scene, host.depth, weights, patient.scanner, geometry, recipe.twins);
    };
    const own = cropped(scene, pathology.weights);
    const shown = showsLesions({ ...own, geometry }, recipe.leastMiddlePixels);
    if (malignant && !shown && attempt < ATTEMPTS) continue;
    const facts = {
      geometry,
      patient: patient.id,
      level: name,
      mimics: pathology.mimics,
      source: 'synthetic',
      sliceThicknessMm: patient.scanner.sliceThicknessMm,
      split: patient.split,
    };
    const ill = { ...own, ...facts, ...labelled(own.truth) };
    if (!without || ill.label === 0) return [ill];
    const well = cropped(without, emptyWeights(host));
    return [
      { ...ill, twin: 'with' },
      { ...well, ...facts, ...labelled(well.truth), twin: 'without' },
    ];
  }
}

interface Scene {
  readonly scene: Field;
  /** The same before lesions were painted. */
  readonly without?: Field;
  readonly host: Host;
  readonly pathology: Pathology;
}

function paintScene(
  random: Random,
  patient: SyntheticPatient,
  name: string,
  malignant: boolean,
  attempt: number,
  twins: boolean
): Scene {
  const index = levelIndex(name);
  const names = LEVEL_SIZES.slice(index - 1, index + 2).map(level => level.name);
  const spine = drawSpine(random.fork('spine'), patient.anatomy, names, name);
  const target = spine[1];
  const scene = sceneGrid(target);
  const depth = new Float32Array(scene.data.length).fill(-50);
  paintAnatomy(random, patient.anatomy, spine, 1, scene, depth);
  const host = hostOf(patient.anatomy, target, scene, depth);
  const least = Math.max(3, 1.6 * patient.scanner.sliceThicknessMm) * 1.2 ** attempt;
  let without: Field | undefined;
  const pathology = paintPathology(
    random.fork('pathology'),
    host,
    { malignant, leastDiameterMm: least, mimicShare: twins ? EVEN_MIMICS : UNEVEN_MIMICS },
    () => (without = twins && malignant ? { ...scene, data: scene.data.slice() } : undefined)
  );
  return { scene, without, host, pathology };
}

/** A grid around the origin that holds the crop of this vertebra. */
function sceneGrid(target: Vertebra): Field {
  const width = target.shape.parameters.widthMm;
  const half = [(slicesFor(width) * 0.8) / 2, 26, 22].map((value, a) => value + SCENE_MARGIN_MM[a]);
  const dims = half.map(value => Math.ceil((2 * value) / SCENE_SPACING_MM) + 1) as [number, number, number];
  return {
    data: new Float32Array(dims[0] * dims[1] * dims[2]),
    dims,
    origin: [-half[0], -half[1], -half[2]],
    spacing: [SCENE_SPACING_MM, SCENE_SPACING_MM, SCENE_SPACING_MM],
  };
}

/** Paints a run of vertebrae with everything around them; `depth` receives that of the one at `targetIndex`. */
export function paintAnatomy(
  random: Random,
  anatomy: PatientAnatomy,
  spine: readonly Vertebra[],
  targetIndex: number,
  scene: Field,
  depth: Float32Array
): void {
  const edge = scene.spacing[0];
  const target = spine[targetIndex];
  const around = drawSurroundings(random.fork('surroundings'), anatomy, target.level.region);
  paintSurroundings(anatomy, around, target, scene);
  for (const vertebra of spine) paintDiscAndCanal(random.fork(`disc/${vertebra.level.name}`), anatomy, vertebra, scene);
  for (const vertebra of spine) {
    const own = random.fork(`bone/${vertebra.level.name}`);
    paintBars(own, anatomy, vertebra, posteriorBars(own, vertebra), scene, edge);
  }
  spine.forEach((vertebra, n) => {
    const own = random.fork(`body/${vertebra.level.name}`);
    paintBody(own, anatomy, vertebra, scene, n === targetIndex ? depth : undefined, edge);
  });
}

function hostOf(anatomy: PatientAnatomy, vertebra: Vertebra, hu: Field, depth: Float32Array): Host {
  const p = vertebra.shape.parameters;
  return {
    hu,
    depth,
    pose: vertebra.pose,
    widthMm: p.widthMm,
    depthMm: p.depthMm,
    heightMm: vertebra.shape.heightMm,
    trabecularHu: vertebra.trabecularHu,
    cortexMm: anatomy.cortexMm,
    discHu: vertebra.discHu,
  };
}
