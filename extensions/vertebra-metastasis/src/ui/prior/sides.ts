import { isCompared, type LesionChange } from '../../core/prior';
import type { Numbers } from '../burden/format';

/** Volume before and now. A study that did not search there has no volume, not one of zero. */
export function sidesText(change: LesionChange, { ml }: Pick<Numbers, 'ml'>): [prior: string, current: string] {
  const side = (millilitres: number) => (isCompared(change) || millilitres > 0 ? ml(millilitres) : '–');
  return [side(change.priorMillilitres), side(change.currentMillilitres)];
}
