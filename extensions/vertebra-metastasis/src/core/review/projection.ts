/** Which patch pixel each voxel of a body takes its value from: computed once, so that a threshold slider stays fluid. */
import { backProject, type LabelExtent } from '../geometry';
import { type Labelmap, PATCH_PIXELS } from '../types';
import type { VertebraFindings } from './findings';

export interface Projection {
  /** Voxels of the body that lie in an analysed slice, into the CT grid. */
  readonly offsets: Uint32Array;
  /** Per voxel: searched slice * 4096 + pixel. */
  readonly pixels: Uint32Array;
  /** Voxels without an analysed slice; nothing is known of them. */
  readonly unknownVoxels: number;
}

/** Patch pixels are told apart by two passes of `backProject`, whose labels hold a byte. */
const BYTE = 256;

/**
 * @param bodies on the CT grid
 * @param extent of the vertebra's label in `bodies`
 */
export function projectVertebra(
  bodies: Labelmap,
  extent: LabelExtent,
  { slices, screened }: VertebraFindings
): Projection {
  const offsets: number[] = [];
  const pixels: number[] = [];
  let unknownVoxels = 0;
  // Low byte, high byte (with a flag) and slice come from three labelled copies of the same frames.
  const frames = [...slices.map(({ frame }) => frame), ...screened];
  const low = Uint8Array.from({ length: PATCH_PIXELS }, (_, pixel) => pixel % BYTE);
  const high = Uint8Array.from({ length: PATCH_PIXELS }, (_, pixel) => Math.floor(pixel / BYTE));
  const lows: (number | undefined)[] = [];
  backProject(
    bodies,
    extent,
    frames.map(frame => ({ frame, labels: low })),
    (_, label) => lows.push(label)
  );
  let n = 0;
  const highs: (number | undefined)[] = [];
  backProject(
    bodies,
    extent,
    frames.map(frame => ({ frame, labels: high })),
    (_, label) => highs.push(label)
  );
  const position = frames.map((frame, at) => ({ frame, labels: new Uint8Array(PATCH_PIXELS).fill(at) }));
  backProject(bodies, extent, position, (offset, slice) => {
    const [lowByte, highByte] = [lows[n], highs[n]];
    n++;
    if (slice === undefined || lowByte === undefined || highByte === undefined) return void unknownVoxels++;
    if (slice >= slices.length) return;
    offsets.push(offset);
    pixels.push(slice * PATCH_PIXELS + highByte * BYTE + lowByte);
  });
  return { offsets: Uint32Array.from(offsets), pixels: Uint32Array.from(pixels), unknownVoxels };
}
