/**
 * Noise schedule of the diffusion autoencoder (method: Preechakul et al. 2022, the linear schedule of Ho et al. 2020).
 * All tables are float64, as in the authors' code (hide_and_seek, commit 8b8c647).
 */

/** Number of diffusion steps T the network was trained with; it is always asked for a timestep in 0..999. */
export const TRAIN_STEPS = 1000;
/** First and last beta of the linear schedule. */
export const BETA_START = 1e-4;
export const BETA_END = 0.02;

/** beta_t, t = 0..999, linear from {@link BETA_START} to {@link BETA_END} inclusive. */
export function betaSchedule(): Float64Array {
  return Float64Array.from(
    { length: TRAIN_STEPS },
    (_, t) => BETA_START + ((BETA_END - BETA_START) * t) / (TRAIN_STEPS - 1)
  );
}

/** alphaBar_t = product of (1 - beta_s) for s <= t; 1000 values falling from 0.9999 to about 4e-5. */
export function alphaBars(): Float64Array {
  const cumulative = betaSchedule();
  let product = 1;
  for (let t = 0; t < cumulative.length; t++) cumulative[t] = product *= 1 - cumulative[t];
  return cumulative;
}

/**
 * The timesteps used by a schedule of `steps` steps: every (1000 / steps)-th from 0, so 250 -> 0, 4, .., 996.
 * @throws RangeError when `steps` does not divide 1000 (the reference is defined for divisors only)
 */
export function usedTimesteps(steps: number): number[] {
  if (!Number.isInteger(steps) || steps < 1 || TRAIN_STEPS % steps !== 0) {
    throw new RangeError(`${steps} steps do not divide ${TRAIN_STEPS}; choose a divisor such as 250, 100 or 50`);
  }
  const stride = TRAIN_STEPS / steps;
  return Array.from({ length: steps }, (_, i) => i * stride);
}

/** lambda = log(sqrt(alphaBar) / sqrt(1 - alphaBar)), half the log signal-to-noise ratio (Lu et al. 2022, section 2). */
export function halfLogSnr(alphaBar: number): number {
  return 0.5 * Math.log(alphaBar / (1 - alphaBar));
}

/** Inverse of {@link halfLogSnr}. */
export function alphaBarOfHalfLogSnr(lambda: number): number {
  return 1 / (1 + Math.exp(-2 * lambda));
}

/**
 * The (fractional) timestep at which the schedule reaches `alphaBar`: log alphaBar is interpolated linearly between
 * the integer timesteps. Values outside the table are clamped to 0 and 999.
 */
export function timestepOfAlphaBar(alphaBar: number, table: Float64Array): number {
  let low = 0;
  let high = table.length - 1;
  if (alphaBar >= table[low]) return low;
  if (alphaBar <= table[high]) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle] >= alphaBar) low = middle;
    else high = middle;
  }
  const [logLow, logHigh] = [Math.log(table[low]), Math.log(table[high])];
  return low + (Math.log(alphaBar) - logLow) / (logHigh - logLow);
}
