/** Divides patients between training, validation and test. */
import { randomStream } from '@spine/phantoms/math/random';

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

const SHARES: Readonly<Record<Split, number>> = { train: 0.7, validation: 0.15, test: 0.15 };

export interface PatientStratum {
  readonly patient: string;
  /** Patients of one stratum (the kinds of lesion they have) are divided alike. */
  readonly stratum: string;
}

/**
 * Whole patients, 70/15/15 within each stratum as far as their number allows: in an order that the seed fixes, each goes where
 * most is missing, in its stratum first and overall among equals.
 * @param fixed patients divided before; they stay where they are and count
 */
export function splitPatients(
  patients: readonly PatientStratum[],
  seed: number,
  fixed: ReadonlyMap<string, Split> = new Map()
): Map<string, Split> {
  const random = randomStream(`split ${seed}`);
  const result = new Map<string, Split>();
  const overall = counts();
  const groups = new Map<string, PatientStratum[]>();
  for (const patient of [...patients].sort((a, b) => (a.patient < b.patient ? -1 : 1))) {
    groups.set(patient.stratum, [...(groups.get(patient.stratum) ?? []), patient]);
  }
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = counts();
    const place = (patient: string, split: Split) => {
      result.set(patient, split);
      own[split]++;
      overall[split]++;
    };
    const open: string[] = [];
    for (const { patient } of group) {
      const split = fixed.get(patient);
      if (split) place(patient, split);
      else open.push(patient);
    }
    for (const patient of shuffled(open, () => random.next())) place(patient, mostMissing(own, overall));
  }
  return result;
}

const counts = (): Record<Split, number> => ({ train: 0, validation: 0, test: 0 });

function mostMissing(own: Record<Split, number>, overall: Record<Split, number>): Split {
  const missing = (have: Record<Split, number>, split: Split) =>
    SHARES[split] * (SPLITS.reduce((sum, name) => sum + have[name], 0) + 1) - have[split];
  return [...SPLITS].sort((a, b) => missing(own, b) - missing(own, a) || missing(overall, b) - missing(overall, a))[0];
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
