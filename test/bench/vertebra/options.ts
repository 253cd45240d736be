import { UsageError } from '@spine/headless/cli';
import type { VertebraSet } from './cases';

/** @throws UsageError */
export function chosenSet(text: string): VertebraSet {
  if (text !== 'test' && text !== 'tuning') throw new UsageError(`--set ${text}: test or tuning`);
  return text;
}
