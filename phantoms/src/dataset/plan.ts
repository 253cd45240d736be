import type { Split } from './split';
import { drawSyntheticPatient, type SyntheticPatient } from './synthetic';

/** Share of the vertebrae that goes to the test split when both are made. */
const TEST_SHARE = 0.2;

/** Fixes the synthetic patients of a split: patients are added until `count` vertebrae are reached. */
export function planSynthetic(seed: number, split: Split, count: number): SyntheticPatient[] {
  const patients: SyntheticPatient[] = [];
  let left = count;
  for (let number = 0; left > 0; number++) {
    const patient = drawSyntheticPatient(seed, split, number, left);
    patients.push(patient);
    left -= patient.levels.length;
  }
  return patients;
}

/** Vertebrae per split for a total. */
export function shareOut(
  count: number,
  split: Split | 'all'
): readonly { readonly split: Split; readonly count: number }[] {
  if (split !== 'all') return [{ split, count }];
  const test = Math.round(count * TEST_SHARE);
  return [
    { split: 'train', count: count - test },
    { split: 'test', count: test },
  ];
}
