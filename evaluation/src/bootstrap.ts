import { quantile } from '@spine/core';
import type { Figure, SliceOutcome } from './metrics';

/** 95 % percentile interval. */
export type Interval = readonly [low: number, high: number];

/** Mulberry32: a small seeded generator of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Percentile bootstrap over patients (Efron and Tibshirani 1993, chapter 13): whole patients are drawn with replacement, since slices and
 * vertebrae of one patient are alike.
 * @returns null when the figure is defined in fewer than half of the resamples
 */
export function bootstrapInterval(
  outcomes: readonly SliceOutcome[],
  figure: (outcomes: readonly SliceOutcome[]) => Figure,
  { resamples = 400, seed = 1 } = {}
): Interval | null {
  const byPatient = new Map<string, SliceOutcome[]>();
  for (const outcome of outcomes) byPatient.set(outcome.patient, [...(byPatient.get(outcome.patient) ?? []), outcome]);
  const patients = [...byPatient.values()];
  if (patients.length < 2) return null;
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let r = 0; r < resamples; r++) {
    // A patient drawn twice counts as two patients, so its vertebrae get names of their own.
    const drawn = patients.flatMap((_, i) =>
      patients[Math.floor(random() * patients.length)].map(outcome => ({
        ...outcome,
        vertebra: `${outcome.vertebra}#${i}`,
      }))
    );
    const value = figure(drawn);
    if (value !== null) values.push(value);
  }
  return values.length >= resamples / 2 ? [quantile(values, 0.025), quantile(values, 0.975)] : null;
}
