import { convolveAxis, gaussianTaps } from './grid';
import { randomStream } from './random';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { floor, sqrt } = Math;

/** Side of a noise tile in samples; a power of two, so that wrapping is a bit mask. */
const TILE = 64;
const MASK = TILE - 1;

/**
 * Periodic Gaussian noise of unit variance with a chosen correlation, made once and read at random offsets:
 * textures then cost a look-up per voxel instead of a filter per vertebra.
 */
export class NoiseTile {
  private readonly data: Float32Array;

  /**
   * @param name names the random stream, hence the tile
   * @param spacingMm distance of two samples
   * @param sigmaMm standard deviation of the Gaussian that correlates it, along x, y, z
   */
  constructor(
    name: string,
    private readonly spacingMm: number,
    sigmaMm: readonly [number, number, number]
  ) {
    const random = randomStream(`noise-tile/${name}`);
    const dims = [TILE, TILE, TILE];
    let data = new Float32Array(TILE ** 3);
    for (let n = 0; n < data.length; n++) data[n] = random.normal(0, 1);
    for (const axis of [0, 1, 2] as const) {
      const target = new Float32Array(data.length);
      convolveAxis(data, target, dims, axis, gaussianTaps(sigmaMm[axis] / spacingMm), true);
      data = target;
    }
    this.data = standardised(data);
  }

  /** Nearest sample to a position in mm (any real numbers; the tile repeats). */
  at(x: number, y: number, z: number): number {
    const scale = 1 / this.spacingMm;
    const i = floor(x * scale) & MASK;
    const j = floor(y * scale) & MASK;
    const k = floor(z * scale) & MASK;
    return this.data[i + TILE * (j + TILE * k)];
  }
}

function standardised(data: Float32Array): Float32Array<ArrayBuffer> {
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / data.length;
  const deviation = sqrt(squares / data.length - mean * mean);
  return data.map(value => (value - mean) / deviation) as Float32Array<ArrayBuffer>;
}

/** The textures of bone and tissue, shared by all phantoms. */
export interface Textures {
  /** Trabeculae: fine, stretched along the body's axis. */
  readonly trabecular: NoiseTile;
  /** Marrow blobs of a few mm. */
  readonly marrow: NoiseTile;
  /** Slow changes over a body; also the outline of lesions. */
  readonly coarse: NoiseTile;
  /** Ragged outlines and clumps of about 2 mm, isotropic. */
  readonly ragged: NoiseTile;
}

let shared: Textures | undefined;

/** Builds the tiles on first use (about half a second). They are constants: no seed changes them. */
export function textures(): Textures {
  shared ??= {
    trabecular: new NoiseTile('trabecular', 0.5, [0.4, 0.4, 1.3]),
    marrow: new NoiseTile('marrow', 0.7, [1.1, 1.1, 1.6]),
    coarse: new NoiseTile('coarse', 1.2, [4, 4, 4]),
    ragged: new NoiseTile('ragged', 0.6, [1.0, 1.0, 1.0]),
  };
  return shared;
}
