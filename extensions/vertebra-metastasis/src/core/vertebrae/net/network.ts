/** The network that outlines the vertebral body at the middle of a block of CT, as core sees it. */
import type { Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { type Block, fillUnknown, resampleTo, UNKNOWN_HU } from '../fit/block';

/** What the network tells apart at a place. */
export const TISSUES = ['other', 'disc', 'canal', 'posterior', 'body'] as const;
export type Tissue = (typeof TISSUES)[number];

export interface BodyNetwork {
  /** Id and version, for what is written. */
  readonly name: string;
  readonly block: {
    /** Cells along x (left), y (posterior), z (superior); all multiples of 4. */
    readonly dims: readonly [number, number, number];
    readonly spacingMm: number;
    /** Attenuation that is scaled to -1..1, HU. */
    readonly windowHu: readonly [number, number];
  };
  /**
   * @param input [2, z, y, x]: scaled attenuation; 1 where the CT is known, else 0
   * @returns `body` [z, y, x]: logit that a cell belongs to the body at the middle; `tissue` [5, z/2, y/2, x/2]: logits of
   *   {@link TISSUES}
   */
  outline(input: Float32Array): Promise<{ readonly body: Float32Array; readonly tissue: Float32Array }>;
}

/** What the network says around a point. */
export interface Outline {
  /** Its logits of the body in place of attenuation; beyond the CT those of the nearest cell inside. */
  readonly logits: Block;
  /** 1 where the CT is known. */
  readonly known: Uint8Array;
  /** Probability of each of {@link TISSUES} around the point. */
  readonly tissue: Readonly<Record<Tissue, number>>;
}

/** How a place is presented to the network. */
export interface Look {
  /** Above 1 the block shows less, larger. */
  readonly zoom?: number;
  /** The mean of what the network says of the block and of its mirror image: bodies are nearly symmetric. Takes twice the time. */
  readonly mirrored?: boolean;
}

/** @param centre LPS mm; the body that holds it is outlined */
export async function outlineAt(
  volume: Volume,
  centre: Vec3,
  network: BodyNetwork,
  { zoom = 1, mirrored = false }: Look = {}
): Promise<Outline> {
  const { dims, spacingMm, windowHu } = network.block;
  const block = resampleTo(volume, centre, dims, spacingMm / zoom, windowHu);
  const input = inputOf(block, windowHu);
  const { body, tissue } = await (mirrored ? bothWays(network, input) : network.outline(input));
  const known = Uint8Array.from(block.data, hu => (hu === UNKNOWN_HU ? 0 : 1));
  const logits = { ...block, data: body.map((logit, n) => (known[n] ? logit : UNKNOWN_HU)) };
  return { logits: { ...logits, data: fillUnknown(logits) }, known, tissue: tissueInMiddle(tissue, dims) };
}

async function bothWays(network: BodyNetwork, input: Float32Array): ReturnType<BodyNetwork['outline']> {
  const [columns] = network.block.dims;
  const seen = await network.outline(input);
  const other = await network.outline(flipped(input, columns));
  const mean = (values: Float32Array, mirror: Float32Array, row: number) => {
    const back = flipped(mirror, row);
    return values.map((value, n) => (value + back[n]) / 2);
  };
  return { body: mean(seen.body, other.body, columns), tissue: mean(seen.tissue, other.tissue, columns / 2) };
}

/** Each row, left to right. */
function flipped(values: Float32Array, columns: number): Float32Array {
  return values.map((_, n) => values[n - 2 * (n % columns) + columns - 1]);
}

function inputOf(block: Block, [low, high]: readonly [number, number]): Float32Array {
  const { length } = block.data;
  const input = new Float32Array(2 * length);
  const filled = fillUnknown(block);
  const scale = 2 / (high - low);
  for (let n = 0; n < length; n++) {
    input[n] = (Math.max(low, Math.min(high, filled[n])) - low) * scale - 1;
    input[length + n] = block.data[n] === UNKNOWN_HU ? 0 : 1;
  }
  return input;
}

/** Mean probabilities over the eight middle cells. */
function tissueInMiddle(logits: Float32Array, dims: readonly [number, number, number]): Outline['tissue'] {
  const [nx, ny, nz] = dims.map(size => size / 2);
  const cells = nx * ny * nz;
  const sums = TISSUES.map(() => 0);
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [nx / 2 - 1 + (corner & 1), ny / 2 - 1 + ((corner >> 1) & 1), nz / 2 - 1 + (corner >> 2)];
    const at = x + nx * (y + ny * z);
    const values = TISSUES.map((_, kind) => Math.exp(logits[kind * cells + at]));
    const total = values.reduce((a, b) => a + b, 0);
    values.forEach((value, kind) => (sums[kind] += value / total / 8));
  }
  return Object.fromEntries(TISSUES.map((name, kind) => [name, sums[kind]])) as Outline['tissue'];
}
