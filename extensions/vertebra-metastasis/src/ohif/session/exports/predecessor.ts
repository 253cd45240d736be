/** Several tabs or readers may save results of one study: each save names the series it goes back to (Related Series Sequence, PS3.3 C.7.3.1). */
import { InputError } from '../../../core';
import { item, type NaturalizedInstance, seriesVersion, text } from '../../../dicom';
import type { Context } from '../context';
import type { SeriesReference } from './state';

export function referenceTo(seg: NaturalizedInstance): SeriesReference {
  return { StudyInstanceUID: text(seg, 'StudyInstanceUID'), SeriesInstanceUID: text(seg, 'SeriesInstanceUID') };
}

export function withPredecessor(seg: NaturalizedInstance, before: SeriesReference | undefined): NaturalizedInstance {
  return before ? { ...seg, RelatedSeriesSequence: [{ ...before, PurposeOfReferenceCodeSequence: [] }] } : seg;
}

const predecessorOf = (seg: NaturalizedInstance): string =>
  text(item(seg, 'RelatedSeriesSequence'), 'SeriesInstanceUID');

/** Results that were saved from the same beginnings as the shown one, but not on the way to it. */
export function independentOf(shown: NaturalizedInstance, all: readonly NaturalizedInstance[]): NaturalizedInstance[] {
  const uid = (seg: NaturalizedInstance) => text(seg, 'SeriesInstanceUID');
  const way = new Set<string>();
  for (let at: NaturalizedInstance | undefined = shown; at && !way.has(uid(at)); ) {
    way.add(uid(at));
    const before: string = predecessorOf(at);
    at = all.find(one => uid(one) === before);
    if (before) way.add(before);
  }
  return all.filter(one => !way.has(uid(one)) && way.has(predecessorOf(one)));
}

/**
 * Looks in the archive for results that this page does not know. Each is told once: who saves again has chosen to keep both.
 * @throws InputError 'newer-result'
 */
export async function checkNothingNewer({ session, ports }: Context): Promise<void> {
  const known = new Set(ports.study.displaySets().map(({ SeriesInstanceUID }) => SeriesInstanceUID));
  const { toldOf } = session.state.exports;
  const newer = (await ports.study.savedResults()).filter(
    ({ seriesInstanceUid }) => !known.has(seriesInstanceUid) && !toldOf.includes(seriesInstanceUid)
  );
  if (newer.length === 0) return;
  const latest = Math.max(...newer.map(({ description }) => seriesVersion('lesions', description)));
  session.patch('exports', ({ versions }) => ({
    toldOf: [...toldOf, ...newer.map(({ seriesInstanceUid }) => seriesInstanceUid)],
    versions: { ...versions, lesions: Math.max(versions.lesions ?? 0, latest) },
  }));
  throw new InputError('newer-result', { series: newer.map(({ description }) => `“${description}”`) });
}
