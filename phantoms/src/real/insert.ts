import { visitCrop } from '../imaging/crop';
import { scan, type Scanner } from '../imaging/scanner';
import { blurField, sampleField, type Field } from '../math/grid';
import type { Point } from '../math/pose';
import type { Random } from '../math/random';
import { visitBox } from '../math/visit';
import { emptyWeights, type Host, type LesionWeights } from '../pathology/host';
import { EVEN_MIMICS, paintPathology, UNEVEN_MIMICS } from '../pathology/plan';
import { bodyCentroid, cropSample, labelled, showsLesions, slicesFor } from '../dataset/sample';
import type { Recipe, Sample } from '../dataset/sample';
import { insideField } from './field';
import type { RealSource, RealVertebra } from './sources';

/** Grid that real bone is resampled to for painting, mm. */
const SCENE_SPACING_MM = 0.6;
/** Beyond the crop: room for a thick slice. */
const MARGIN_MM: Point = [2, 2, 5];
/** Trabecular pattern and noise that a lesion leaves visible at least: in a real image noise cannot be taken out of it. */
const LEAST_RESIDUAL = 0.35;
const ATTEMPTS = 6;

/**
 * Makes a sample of a real vertebra as in the first edition. The source is not changed. `leastMiddlePixels` as in
 * {@link showsLesions}.
 */
export function makeInsertedSample(
  random: Random,
  source: RealSource,
  vertebra: RealVertebra,
  malignant: boolean,
  copy: number,
  leastMiddlePixels = 0
): Sample {
  return makeInsertedSamples(random, source, vertebra, malignant, copy, { leastMiddlePixels, twins: false })[0];
}

/**
 * Makes a sample of a real vertebra: as it is, or with lesions and mimics painted in and blurred like the source; then
 * mirrored, attenuated and reconstructed with another kernel, to thicker slices, or with more noise at random; and, where
 * the recipe asks for it and it is malignant, its twin without lesions.
 */
export function makeInsertedSamples(
  random: Random,
  source: RealSource,
  vertebra: RealVertebra,
  malignant: boolean,
  copy: number,
  { leastMiddlePixels, twins }: Recipe
): Sample[] {
  const look = random.fork('look');
  const scanner = (twins ? drawReconstruction : drawRescan)(look, source.sliceThicknessMm);
  const mirror = look.chance(0.5);
  const gain = look.range(0.8, 1.15);
  const mimicShare = twins ? EVEN_MIMICS : UNEVEN_MIMICS;
  for (let attempt = 0; ; attempt++) {
    const own = random.fork(`attempt/${attempt}`);
    const host = hostOf(source, vertebra, mirror, gain);
    const before = host.hu.data.slice();
    const leastDiameterMm =
      Math.max(3, 1.6 * Math.max(scanner.sliceThicknessMm, source.sliceThicknessMm)) * 1.2 ** attempt;
    let without: Field | undefined;
    const pathology = paintPathology(
      own.fork('pathology'),
      host,
      { malignant, leastDiameterMm, leastResidual: LEAST_RESIDUAL, mimicShare },
      () => (without = twins && malignant ? { ...host.hu, data: host.hu.data.slice() } : undefined)
    );
    const geometry = { centre: bodyCentroid(host.hu, host.depth), slices: slicesFor(host.widthMm) };
    const blurred = (data: Float32Array) => sourceBlur({ ...host.hu, data }, source.ct.spacing).data;
    const cropped = (painted: Field, weights: LesionWeights) => {
      const scene = withSourceBlur(painted, before, source.ct.spacing);
      const slices = scan(own.fork('scan'), scene, scanner);
      return cropSample(slices, scene, host.depth, weights, scanner, geometry, twins);
    };
    const { lytic, blastic, rim } = pathology.weights;
    const ill = cropped(host.hu, { lytic: blurred(lytic), blastic: blurred(blastic), rim: blurred(rim) });
    const shown = showsLesions({ ...ill, geometry }, leastMiddlePixels);
    if (malignant && !shown && attempt < ATTEMPTS) continue;
    const finished = (crop: typeof ill): Sample => {
      padOutside(crop.hu, source.ct, geometry.centre, geometry.slices, host, mirror);
      return {
        ...crop,
        geometry,
        patient: source.patient,
        level: `${vertebra.level}-${copy}`,
        ...labelled(crop.truth),
        mimics: pathology.mimics,
        source: 'inserted',
        sliceThicknessMm: Math.max(source.sliceThicknessMm, scanner.sliceThicknessMm),
        split: source.split,
      };
    };
    const sample = finished(ill);
    if (!without || sample.label === 0) return [sample];
    return [
      { ...sample, twin: 'with' },
      { ...finished(cropped(without, emptyWeights(host))), twin: 'without' },
    ];
  }
}

/** Half the copies keep the source's slices; the others get thicker ones, a softer image and some noise. */
function drawRescan(random: Random, sourceMm: number): Scanner {
  const thick = random.chance(0.5) ? 0 : random.pick([1.5, 2, 2.5, 3, 4, 5].filter(mm => mm > sourceMm).concat(0));
  return {
    sigmaMm: random.chance(0.5) ? 0 : random.range(0.2, 0.7),
    sharpening: 0,
    // A "slice" of one scene voxel leaves the source's own resolution as it is.
    sliceThicknessMm: thick || SCENE_SPACING_MM,
    sliceSpacingMm: thick || SCENE_SPACING_MM,
    noiseHu: random.chance(0.5) ? 0 : random.range(2, 14),
    grain: random.pick(['soft', 'medium'] as const),
  };
}

/** As {@link drawRescan}; a third are sharpened, which raises the source's own noise with its own spectrum. */
function drawReconstruction(random: Random, sourceMm: number): Scanner {
  const rescan = drawRescan(random, sourceMm);
  const sharp = random.fork('sharp');
  if (!sharp.chance(1 / 3)) return rescan;
  const noiseHu = sharp.chance(0.5) ? rescan.noiseHu : sharp.range(8, 45);
  return {
    ...rescan,
    sigmaMm: 0,
    sharpening: sharp.range(0.4, 1.8),
    noiseHu,
    grain: sharp.pick(['medium', 'sharp'] as const),
  };
}

function hostOf(source: RealSource, vertebra: RealVertebra, mirror: boolean, gain: number): Host {
  const { pose, shape } = vertebra.body;
  const p = shape.parameters;
  const half = [(slicesFor(p.widthMm) * 0.8) / 2 + 4, 30, 26].map((value, a) => value + MARGIN_MM[a]);
  const dims = half.map(value => Math.ceil((2 * value) / SCENE_SPACING_MM) + 1) as [number, number, number];
  const origin = pose.centre.map((value, a) => value - half[a]) as unknown as Point;
  const hu: Field = {
    data: new Float32Array(dims[0] * dims[1] * dims[2]),
    dims,
    origin,
    spacing: [SCENE_SPACING_MM, SCENE_SPACING_MM, SCENE_SPACING_MM],
  };
  const depth = new Float32Array(hu.data.length).fill(-50);
  const mask = vertebra.mask;
  for (let k = 0, n = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, n++) {
        const value = sampleField(
          source.ct,
          origin[0] + (mirror ? dims[0] - 1 - i : i) * SCENE_SPACING_MM,
          origin[1] + j * SCENE_SPACING_MM,
          origin[2] + k * SCENE_SPACING_MM
        );
        hu.data[n] = value > 0 ? value * gain : value;
      }
  const framePose = mirror ? mirrored(pose) : pose;
  const reach = 8;
  const low: Point = [-p.widthMm / 2 - reach, -p.depthMm / 2 - reach, -shape.heightMm / 2 - reach];
  const high: Point = [p.widthMm / 2 + reach, p.depthMm / 2 + reach, shape.heightMm / 2 + reach];
  const middle = pose.centre[0];
  visitBox(hu, framePose, low, high, (index, x, y, z) => {
    shape.evaluate(mirror ? -x : x, y, z);
    depth[index] = shape.depth;
    if (!mask) return;
    const i = index % dims[0];
    const j = Math.floor(index / dims[0]) % dims[1];
    const k = Math.floor(index / (dims[0] * dims[1]));
    const px = origin[0] + i * SCENE_SPACING_MM;
    const share = sampleField(
      mask,
      mirror ? 2 * middle - px : px,
      origin[1] + j * SCENE_SPACING_MM,
      origin[2] + k * SCENE_SPACING_MM
    );
    const edge = (share - 0.5) * mask.spacing[0];
    depth[index] = share < 0.999 ? edge : Math.max(shape.depth, edge);
  });
  return {
    hu,
    depth,
    pose: framePose,
    widthMm: p.widthMm,
    depthMm: p.depthMm,
    heightMm: shape.heightMm,
    trabecularHu: medianInside(hu.data, depth),
    cortexMm: 1.2,
    discHu: 85,
  };
}

/** The mirror image in the sagittal plane through the centre: x of the frame keeps pointing left. */
function mirrored(pose: Host['pose']): Host['pose'] {
  const axes = pose.axes.slice();
  for (const at of [1, 2, 3, 6]) axes[at] = -axes[at];
  return { centre: pose.centre, axes };
}

/** Median attenuation deeper than 4 mm (or half as deep in small bodies). */
function medianInside(hu: Float32Array, depth: Float32Array): number {
  const inside = hu.filter((_, n) => depth[n] > 4);
  const values = (inside.length > 50 ? inside : hu.filter((_, n) => depth[n] > 1)).sort();
  return values[values.length >> 1];
}

/** Point spread of a source: about 0.4 of a voxel along each axis. */
function sourceBlur(field: Field, spacing: Point): Field {
  return blurField(field, [0.4 * spacing[0], 0.4 * spacing[1], 0.4 * spacing[2]]);
}

/** What was painted, as sharp as the source would show it, added to the untouched image. */
function withSourceBlur(painted: Field, before: Float32Array, spacing: Point): Field {
  const change = painted.data.map((value, n) => value - before[n]);
  const blurred = sourceBlur({ ...painted, data: change }, spacing).data;
  return { ...painted, data: before.map((value, n) => value + blurred[n]) };
}

/** Beyond the source's border: the darkest value inside, as the analysis pads. */
function padOutside(hu: Int16Array, ct: Field, centre: Point, slices: number, host: Host, mirror: boolean): void {
  const outside: number[] = [];
  let lowest = Infinity;
  const middle = host.pose.centre[0];
  visitCrop({ centre, slices }, (n, x, y, z) => {
    if (insideField(ct, mirror ? 2 * middle - x : x, y, z)) lowest = Math.min(lowest, hu[n]);
    else outside.push(n);
  });
  for (const n of outside) hu[n] = lowest;
}
