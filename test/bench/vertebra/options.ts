import { UsageError } from '@spine/headless/cli';
import { VERTEBRA_SETS, type VertebraSet } from './cases';

/** @throws UsageError */
export function chosenSet(text: string): VertebraSet {
  const set = VERTEBRA_SETS.find(one => one === text);
  if (!set) throw new UsageError(`--set ${text}: ${VERTEBRA_SETS.join(', ')}`);
  return set;
}
