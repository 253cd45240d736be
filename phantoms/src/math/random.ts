/** Seeded random numbers: the same seed gives the same phantom on every machine. */

/** Generator of one stream. `fork` opens an independent stream by name, so that adding a draw in one place moves nothing elsewhere. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** Normal with the given mean and standard deviation. */
  normal(mean: number, standardDeviation: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One element, all equally likely. */
  pick<T>(items: readonly T[]): T;
  /** An independent stream named under this one. */
  fork(name: string): Random;
}

/** Four 32-bit words from a text (MurmurHash3's mixing, as in the public-domain "xmur3"). */
function hashWords(text: string): [number, number, number, number] {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  const word = () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507);
    h = Math.imul(h ^ (h >>> 13), 3266489909);
    h ^= h >>> 16;
    return h >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** Opens the stream of a name (sfc32 of PractRand, 128 bits of state). */
export function randomStream(name: string): Random {
  let [a, b, c, d] = hashWords(name);
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  const random: Random = {
    next,
    range: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor((high - low + 1) * next()),
    normal: (mean, standardDeviation) =>
      mean + standardDeviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: probability => next() < probability,
    pick: items => items[Math.floor(next() * items.length)],
    fork: child => randomStream(`${name}/${child}`),
  };
  return random;
}
