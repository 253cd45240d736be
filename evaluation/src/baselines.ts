import type { LatentClassifierWeights, LesionKind, PatchMask, SliceAttribution } from '@spine/core';
import { MIN_PIXELS, PATCH_PIXELS, PATCH_SIZE, proposeCandidates, quantile } from '@spine/core';

/** Lesion masks of one slice as some method sees them. */
export type Prediction = Readonly<Record<LesionKind, PatchMask>>;

/** Fraction of its maximum above which a class activation counts as salient. */
export const CAM_FRACTION = 0.5;

/** The difference map alone (AD): every candidate counts as a lesion, none is sought by hide-and-seek. */
export function anomalyDifference(slice: SliceAttribution): Prediction {
  const prediction = { lytic: new Uint8Array(PATCH_PIXELS), blastic: new Uint8Array(PATCH_PIXELS) };
  for (const { kind, mask } of proposeCandidates(slice.lyticCandidates, slice.blasticCandidates, MIN_PIXELS)) {
    mask.forEach((inside, i) => inside && (prediction[kind][i] = 1));
  }
  return prediction;
}

/**
 * Otsu's method with two thresholds (Otsu 1979, three classes) on the body's intensities: the lowest class is called lytic, the
 * highest blastic.
 */
export function otsu(patch: Float32Array, bodyMask: PatchMask, bins = 64): Prediction {
  const inside = patch.filter((_, i) => bodyMask[i] > 0);
  const low = quantile(inside, 0);
  const span = quantile(inside, 1) - low || 1;
  const histogram = new Float64Array(bins);
  const binOf = (value: number) => Math.min(bins - 1, Math.floor(((value - low) / span) * bins));
  for (const value of inside) histogram[binOf(value)]++;
  const weight = new Float64Array(bins + 1);
  const moment = new Float64Array(bins + 1);
  for (let b = 0; b < bins; b++) {
    weight[b + 1] = weight[b] + histogram[b];
    moment[b + 1] = moment[b] + histogram[b] * b;
  }
  const between = (from: number, to: number) => {
    const w = weight[to] - weight[from];
    return w > 0 ? (moment[to] - moment[from]) ** 2 / w : 0;
  };
  let best = { score: -1, first: 1, second: 2 };
  for (let first = 1; first < bins - 1; first++) {
    for (let second = first + 1; second < bins; second++) {
      const score = between(0, first) + between(first, second) + between(second, bins);
      if (score > best.score) best = { score, first, second };
    }
  }
  const classify = (test: (bin: number) => boolean) =>
    Uint8Array.from(patch, (value, i) => (bodyMask[i] && test(binOf(value)) ? 1 : 0));
  return { lytic: classify(bin => bin < best.first), blastic: classify(bin => bin >= best.second) };
}

/**
 * Grad-CAM (Selvaraju et al. 2017) of the latent classifier on the encoder's last feature map. The head is global average pooling
 * and linear maps, so the gradient is constant and Grad-CAM equals CAM: relu(sum over z of coef / scale * codeMap).
 * A salient pixel is called blastic when brighter than the body's median, else lytic.
 * @param codeMap [codeSize, side, side]: the semantic code before its spatial average
 */
export function gradCam(
  codeMap: Float32Array,
  classifier: LatentClassifierWeights,
  patch: Float32Array,
  bodyMask: PatchMask
): Prediction {
  const codeSize = classifier.coef.length;
  const side = Math.round(Math.sqrt(codeMap.length / codeSize));
  const cam = new Float32Array(side * side);
  for (let c = 0; c < codeSize; c++) {
    const gain = classifier.coef[c] / classifier.scale[c];
    for (let i = 0; i < cam.length; i++) cam[i] += gain * (codeMap[c * cam.length + i] - classifier.mean[c]);
  }
  const salience = upsample(cam, side).map((value, i) => (bodyMask[i] ? Math.max(0, value) : 0));
  const threshold = CAM_FRACTION * salience.reduce((high, value) => Math.max(high, value), 0);
  const median = quantile(
    patch.filter((_, i) => bodyMask[i] > 0),
    0.5
  );
  const ofKind = (bright: boolean) =>
    Uint8Array.from(salience, (value, i) => (value > 0 && value >= threshold && patch[i] > median === bright ? 1 : 0));
  return { lytic: ofKind(false), blastic: ofKind(true) };
}

/** Bilinear enlargement of a square map to the patch, pixel centres aligned. */
function upsample(map: Float32Array, side: number): Float32Array {
  const factor = side / PATCH_SIZE;
  const axis = Array.from({ length: PATCH_SIZE }, (_, i) => {
    const position = Math.min(side - 1, Math.max(0, (i + 0.5) * factor - 0.5));
    const low = Math.floor(position);
    return { low, high: Math.min(side - 1, low + 1), t: position - low };
  });
  return Float32Array.from({ length: PATCH_PIXELS }, (_, index) => {
    const [r, c] = [axis[Math.floor(index / PATCH_SIZE)], axis[index % PATCH_SIZE]];
    const top = map[r.low * side + c.low] * (1 - c.t) + map[r.low * side + c.high] * c.t;
    const bottom = map[r.high * side + c.low] * (1 - c.t) + map[r.high * side + c.high] * c.t;
    return top * (1 - r.t) + bottom * r.t;
  });
}
