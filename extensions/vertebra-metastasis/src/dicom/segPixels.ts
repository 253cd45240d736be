import { InputError } from '../core';
import type { Labelmap } from '../core';

/** Which frames a SEG needs, and their pixels. */
export interface SegFrames {
  /** Ordered by segment, then slice; LABELMAP: by slice, segment 0. */
  readonly frames: readonly { readonly segment: number; readonly slice: number }[];
  readonly pixelData: ArrayBuffer;
  /** BitsAllocated. */
  readonly bits: 1 | 8 | 16;
  /** Voxels per segment number. */
  readonly voxels: readonly number[];
  /** Voxels of a segment on each slice. */
  readonly voxelsOnSlices: (segment: number) => Uint32Array;
}

/** Calls back for every labelled voxel. Background is skipped four voxels at a time: lesions are sparse in a whole CT. */
function eachLabel({ labels, dims }: Labelmap, each: (label: number, slice: number, pixel: number) => void): void {
  const size = dims[0] * dims[1];
  const step = 4 / labels.BYTES_PER_ELEMENT;
  const words =
    labels.byteOffset % 4 === 0
      ? new Uint32Array(labels.buffer, labels.byteOffset, Math.floor(labels.byteLength / 4))
      : undefined;
  for (let n = 0; n < labels.length; ) {
    if (words && n % step === 0) {
      let word = n / step;
      while (word < words.length && words[word] === 0) word++;
      n = word * step;
      if (n >= labels.length) return;
    }
    const label = labels[n];
    if (label !== 0) {
      const slice = (n / size) >>> 0;
      each(label, slice, n - slice * size);
    }
    n++;
  }
}

/** One count per (segment, slice) with voxels. @throws InputError segment-numbers for empty segments and stray labels */
function countVoxels(labelmap: Labelmap, segments: number): Uint32Array {
  const slices = labelmap.dims[2];
  const counts = new Uint32Array((segments + 1) * slices);
  eachLabel(labelmap, (label, slice) => {
    if (label > segments) {
      throw new InputError('segment-undescribed', { value: label, segments });
    }
    counts[label * slices + slice]++;
  });
  return counts;
}

/**
 * Bit-packed frames (PS3.5 8.2: frames follow one another without padding, least significant bit first), one for each
 * (segment, slice) that has voxels.
 * @param segments number of segments; labels must be 1..segments, none empty
 */
export function binaryFrames(labelmap: Labelmap, segments: number): SegFrames {
  const [columns, rows, slices] = labelmap.dims;
  const size = columns * rows;
  const counts = countVoxels(labelmap, segments);
  const frames: { segment: number; slice: number }[] = [];
  const firstBit = new Float64Array(counts.length).fill(-1);
  for (let segment = 1; segment <= segments; segment++) {
    for (let slice = 0; slice < slices; slice++) {
      if (counts[segment * slices + slice] === 0) continue;
      firstBit[segment * slices + slice] = frames.length * size;
      frames.push({ segment, slice });
    }
  }
  const packed = new Uint8Array(evenBytes(Math.ceil((frames.length * size) / 8)));
  eachLabel(labelmap, (label, slice, pixel) => {
    const bit = firstBit[label * slices + slice] + pixel;
    // Not bit >> 3: bit positions exceed 32 bits in large studies.
    packed[(bit / 8) >>> 0] |= 1 << bit % 8;
  });
  return { frames, bits: 1, pixelData: packed.buffer, ...voxelsOf(counts, segments, slices) };
}

/** One 8-bit frame (16-bit above 255 segments) for each slice that has voxels. */
export function labelmapFrames(labelmap: Labelmap, segments: number): SegFrames {
  const [columns, rows, slices] = labelmap.dims;
  const size = columns * rows;
  const counts = countVoxels(labelmap, segments);
  const frames: { segment: number; slice: number }[] = [];
  for (let slice = 0; slice < slices; slice++) {
    for (let segment = 1; segment <= segments; segment++) {
      if (counts[segment * slices + slice] === 0) continue;
      frames.push({ segment: 0, slice });
      break;
    }
  }
  const bits = segments > 255 ? 16 : 8;
  const bytes = evenBytes((frames.length * size * bits) / 8);
  const pixels = bits === 16 ? new Uint16Array(bytes / 2) : new Uint8Array(bytes);
  frames.forEach(({ slice }, frame) =>
    pixels.set(labelmap.labels.subarray(slice * size, (slice + 1) * size), frame * size)
  );
  return { frames, pixelData: pixels.buffer, ...voxelsOf(counts, segments, slices), bits };
}

function voxelsOf(counts: Uint32Array, segments: number, slices: number): Pick<SegFrames, 'voxels' | 'voxelsOnSlices'> {
  const voxelsOnSlices = (segment: number) => counts.subarray(segment * slices, (segment + 1) * slices);
  const voxels = [0];
  for (let segment = 1; segment <= segments; segment++) {
    voxels[segment] = voxelsOnSlices(segment).reduce((sum, count) => sum + count, 0);
    if (voxels[segment] === 0) {
      throw new InputError('segment-empty', { segment: `Segment ${segment}` });
    }
  }
  return { voxels, voxelsOnSlices };
}

const evenBytes = (bytes: number): number => bytes + (bytes % 2);
