/** Several tabs or readers may save results of one study: each save names the series it goes back to (Related Series Sequence, PS3.3 C.7.3.1). */
import { InputError } from '../../../core';
import {
  CODES,
  items,
  type NaturalizedInstance,
  PRIVATE_SCHEME,
  PRIVATE_SCHEME_ITEM,
  seriesVersion,
  text,
} from '../../../dicom';
import type { Context } from '../context';
import type { SeriesReference } from './state';

export function referenceTo(seg: NaturalizedInstance): SeriesReference {
  return { StudyInstanceUID: text(seg, 'StudyInstanceUID'), SeriesInstanceUID: text(seg, 'SeriesInstanceUID') };
}

/** @param besides series of results that were there when this one was saved, and that it does not go back to */
export function withRelatedResults(
  seg: NaturalizedInstance,
  before: SeriesReference | undefined,
  besides: readonly string[]
): NaturalizedInstance {
  const study = text(seg, 'StudyInstanceUID');
  const related = [
    ...(before ? [{ ...before, PurposeOfReferenceCodeSequence: [] }] : []),
    ...besides.map(SeriesInstanceUID => ({
      StudyInstanceUID: study,
      SeriesInstanceUID,
      PurposeOfReferenceCodeSequence: [CODES.independentResult],
    })),
  ];
  if (related.length === 0) return seg;
  const schemes = items(seg, 'CodingSchemeIdentificationSequence');
  const isNamed = schemes.some(one => text(one, 'CodingSchemeDesignator') === PRIVATE_SCHEME);
  return {
    ...seg,
    RelatedSeriesSequence: related,
    ...(besides.length > 0 && !isNamed
      ? { CodingSchemeIdentificationSequence: [...schemes, { ...PRIVATE_SCHEME_ITEM }] }
      : {}),
  };
}

const isIndependent = (related: NaturalizedInstance): boolean =>
  items(related, 'PurposeOfReferenceCodeSequence').some(
    one =>
      text(one, 'CodeValue') === CODES.independentResult.CodeValue &&
      text(one, 'CodingSchemeDesignator') === PRIVATE_SCHEME
  );
const relatedSeries = (seg: NaturalizedInstance, independent: boolean): string[] =>
  items(seg, 'RelatedSeriesSequence')
    .filter(one => isIndependent(one) === independent)
    .map(one => text(one, 'SeriesInstanceUID'));
const predecessorOf = (seg: NaturalizedInstance): string => relatedSeries(seg, false)[0] ?? '';

/** Results that do not lie on the way to the shown one: saved from the same beginnings, or beside it from none. */
export function independentOf(shown: NaturalizedInstance, all: readonly NaturalizedInstance[]): NaturalizedInstance[] {
  const uid = (seg: NaturalizedInstance) => text(seg, 'SeriesInstanceUID');
  const way = new Set<string>();
  const besides = new Set<string>();
  for (let at: NaturalizedInstance | undefined = shown; at && !way.has(uid(at)); ) {
    way.add(uid(at));
    relatedSeries(at, true).forEach(one => besides.add(one));
    const before: string = predecessorOf(at);
    at = all.find(one => uid(one) === before);
    if (before) way.add(before);
  }
  return all.filter(
    one =>
      !way.has(uid(one)) &&
      (way.has(predecessorOf(one)) || besides.has(uid(one)) || relatedSeries(one, true).some(other => way.has(other)))
  );
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
