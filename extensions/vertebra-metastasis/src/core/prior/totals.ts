/** Lesion volume of both studies by kind. */
import { LESION_3D_KINDS } from '../kinds';
import type { Lesion3dKind } from '../types';
import { isCompared, type LesionChange } from './types';

export interface KindTotal {
  readonly kind: Lesion3dKind;
  readonly priorMillilitres: number;
  readonly currentMillilitres: number;
  /** Current minus prior. */
  readonly differenceMillilitres: number;
  /** Of the prior volume; undefined where there was none. */
  readonly percent?: number;
}

/**
 * Sums over what both studies searched; lesions that are not compared are excluded on both sides. A lesion that changed its kind
 * counts to each kind in its own study. Kinds without a lesion in either study are omitted.
 */
export function comparisonTotals(changes: readonly LesionChange[]): readonly KindTotal[] {
  const comparable = changes.filter(isCompared);
  const round = (value: number) => Number(value.toFixed(6));
  return LESION_3D_KINDS.flatMap(kind => {
    const current = sum(comparable.map(one => (one.kind === kind ? one.currentMillilitres : 0)));
    const prior = sum(comparable.map(one => ((one.priorKind ?? one.kind) === kind ? one.priorMillilitres : 0)));
    if (current + prior === 0) return [];
    return [
      {
        kind,
        priorMillilitres: round(prior),
        currentMillilitres: round(current),
        differenceMillilitres: round(current - prior),
        ...(prior > 0 ? { percent: (100 * (current - prior)) / prior } : {}),
      },
    ];
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
