/**
 * Quantile by linear interpolation between order statistics (numpy's default, method 7 of Hyndman and Fan 1996).
 * @param values at least one number; not modified
 * @param fraction 0..1
 */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  if (values.length === 0) throw new RangeError('quantile of no values');
  const sorted = Float64Array.from(values).sort();
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
