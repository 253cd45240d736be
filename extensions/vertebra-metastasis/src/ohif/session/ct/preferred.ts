/** Which CT is opened when nobody has chosen one. */
import { isResultSeg, items } from '../../../dicom';
import type { DisplaySet } from '../../host/host';

export function isCt({ Modality, instances }: DisplaySet): boolean {
  return Modality === 'CT' && (instances?.length ?? 0) > 0;
}

/**
 * In the first study with CT: the one with a saved result, else with a segmentation drawn on it, else the one with most slices.
 * @param studyUids of the open studies in their order; [] when nobody says
 */
export function preferredCt(sets: readonly DisplaySet[], studyUids: readonly string[]): DisplaySet | undefined {
  const cts = sets.filter(isCt);
  const study = studyUids.find(uid => cts.some(set => set.StudyInstanceUID === uid));
  const offered = study === undefined ? cts : cts.filter(set => set.StudyInstanceUID === study);
  const segs = sets.flatMap(({ Modality, instance, referencedSeriesInstanceUID }) =>
    Modality === 'SEG' && instance ? [{ instance, of: referencedSeriesInstanceUID }] : []
  );
  const rank = ({ SeriesInstanceUID }: DisplaySet): number => {
    const drawn = segs.filter(({ of }) => of === SeriesInstanceUID).map(({ instance }) => instance);
    if (drawn.some(isResultSeg)) return 2;
    return drawn.some(seg => items(seg, 'SegmentSequence').length > 0) ? 1 : 0;
  };
  const better = (a: DisplaySet, b: DisplaySet) => rank(b) - rank(a) || slicesOf(b) - slicesOf(a);
  return [...offered].sort(better)[0];
}

/** Frames of a multi-frame CT count like slices. */
export function slicesOf({ instances = [] }: DisplaySet): number {
  return instances.reduce((sum, one) => sum + (Number(one.NumberOfFrames) || 1), 0);
}
