/** What the product decides once all slices of a vertebra were searched. */
import {
  applyThreshold,
  attributeSlice,
  type DiffusionAutoencoder,
  followLesions,
  type LatentClassifierWeights,
  type MethodOptions,
  settleCandidates,
  type SliceAttribution,
} from '@spine/core';
import type { EvaluatedSlice } from './evaluate';
import { SLICE_MM } from './screened';

interface Networks {
  readonly network: DiffusionAutoencoder;
  readonly classifier: LatentClassifierWeights;
}

/** What is needed of a slice. */
export type SettledSlice = Omit<EvaluatedSlice, 'slice'> & {
  readonly slice: Pick<EvaluatedSlice['slice'], 'index' | 'raw' | 'patch' | 'bodyMask'>;
};

/**
 * The slices with the regions that count after the rules which look at neighbouring slices.
 * @param evaluated slices of one vertebra, ascending; those without an attribution were called healthy
 */
export function settledSlices<E extends SettledSlice>(evaluated: readonly E[], method: MethodOptions): E[] {
  const searched = evaluated.flatMap(({ slice, attribution }) => (attribution ? [{ slice, attribution }] : []));
  const candidates = settleCandidates(
    searched.map(({ slice, attribution }) => ({ offsetMm: slice.index * SLICE_MM, hu: slice.raw, ...attribution })),
    evaluated.filter(({ attribution }) => !attribution).map(({ slice }) => slice.index * SLICE_MM),
    SLICE_MM,
    method
  );
  return evaluated.map(one => {
    const at = searched.findIndex(({ slice }) => slice === one.slice);
    if (!one.attribution || at < 0) return one;
    const kept = applyThreshold(candidates[at], method.attributionThreshold, method.minPixels);
    return withAttribution(one, { ...one.attribution, ...kept });
  });
}

const withAttribution = <E extends SettledSlice>(one: E, attribution: SliceAttribution): E => ({
  ...one,
  attribution,
  predictions: { ...one.predictions, method: { lytic: attribution.lyticMask, blastic: attribution.blasticMask } },
});

/**
 * The same once lesions were followed into slices that were called healthy, where the method asks for that.
 * @param evaluated slices of one vertebra, ascending
 */
export async function followedSlices<E extends SettledSlice>(
  { network, classifier }: Networks,
  evaluated: readonly E[],
  method: MethodOptions
): Promise<E[]> {
  if (!method.followLesions) return settledSlices(evaluated, method);
  const withOffset = (some: readonly E[]) => some.map(one => ({ one, offsetMm: one.slice.index * SLICE_MM }));
  const placed = withOffset(evaluated);
  const inOrder = (some: typeof placed) => [...some].sort((a, b) => a.offsetMm - b.offsetMm).map(({ one }) => one);
  const { searched, healthy } = await followLesions(
    placed.filter(({ one }) => one.attribution),
    placed.filter(({ one }) => !one.attribution),
    {
      settle: (some, others) =>
        withOffset(settledSlices(inOrder([...some, ...others]), method).filter(({ attribution }) => attribution)),
      found: ({ one }) => one.attribution!,
      replaced: ({ one, offsetMm }, attribution) => ({ one: withAttribution(one, attribution), offsetMm }),
      async search({ one, offsetMm }) {
        const found = await attributeSlice(network, classifier, one.slice.patch, one.slice.bodyMask, method);
        return { one: withAttribution(one, found), offsetMm };
      },
    },
    { sliceMm: SLICE_MM, ...method }
  );
  return inOrder([...searched, ...healthy]);
}
