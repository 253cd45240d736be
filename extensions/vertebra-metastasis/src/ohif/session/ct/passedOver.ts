/** What of the open studies plays no part, and why. */
import { type CtSeries, text } from '../../../dicom';
import type { PassedOverObject } from '../../../ui';
import type { DisplaySet } from '../../host/host';
import { isCt } from './preferred';

/** @param unlisted series the viewer made nothing of */
export function passedOver(
  sets: readonly DisplaySet[],
  unlisted: readonly string[],
  series: CtSeries | undefined
): readonly PassedOverObject[] {
  const cts = new Set(sets.filter(isCt).map(({ SeriesInstanceUID }) => SeriesInstanceUID));
  const ofSets = sets.flatMap((set): PassedOverObject[] => {
    if (set.unsupported) return [{ object: nameOf(set), reason: 'unsupported' }];
    const { Modality, instance, referencedSeriesInstanceUID: on } = set;
    const elsewhere = Modality === 'SEG' && instance && cts.size > 0 && !cts.has(on ?? '');
    return elsewhere ? [{ object: nameOf(set), reason: 'other-ct' }] : [];
  });
  return [
    ...(series?.passedOver ?? []),
    ...ofSets,
    ...unlisted.map((object): PassedOverObject => ({ object, reason: 'unlisted' })),
  ];
}

function nameOf({ Modality, SeriesDescription, instances, instance }: DisplaySet): string {
  const description = SeriesDescription || text(instance ?? instances?.[0] ?? {}, 'SeriesDescription');
  return [Modality, description].filter(Boolean).join(' ') || 'object';
}
