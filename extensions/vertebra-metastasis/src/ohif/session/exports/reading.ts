/** Reading back what was saved before. */
import { InputError } from '../../../core';
import {
  isResultSeg,
  type NaturalizedInstance,
  readCoverage,
  readLesionSeg,
  readMeasured,
  readProvenance,
  readReview,
  text,
} from '../../../dicom';
import { newestFirst } from '../../archive/savedAt';
import type { DisplaySet } from '../../host/host';
import { toProblem } from '../../problems';
import { storedMap } from '../../segmentation/lesionMap';
import type { Context } from '../context';
import { readWorksheets } from '../planning/stored';
import { handToViewer } from '../review/show';
import { restoreReview } from '../review/restore';
import { contentOf } from './content';
import { independentOf, referenceTo } from './predecessor';

/** Shows the newest stored result of this CT, unless there is a result already. */
export async function readStoredResult(context: Context): Promise<void> {
  const { session, ports } = context;
  const { series } = session.state.ct;
  const taken = () => session.state.review.lesions !== undefined || session.state.run.job !== undefined;
  if (!series || taken()) return;
  const results = resultsOf(ports.study.displaySets(), series.seriesInstanceUID);
  const [instance] = results;
  const uid = instance && text(instance, 'SOPInstanceUID');
  if (!instance || uid === session.state.exports.triedSop) return;
  session.patch('exports', { triedSop: uid });
  try {
    const seg = await ports.study.readSeg(instance);
    const content = readLesionSeg(seg, series);
    if (session.closed || taken()) return;
    const stored = readReview(content.state);
    const map = storedMap(content, series.slicePositionsMm);
    const seriesDescription = text(instance, 'SeriesDescription');
    session.update(state => {
      const review = {
        ...state.review,
        lesions: map,
        origin: 'stored' as const,
        unnamed: [],
        problem: undefined,
        viewer: { shown: map, labels: map.labelmap.labels },
        pending: { map, review: stored, measured: readMeasured(content.state) },
        provenance: readProvenance(content.state),
        storedCoverage: readCoverage(content.state),
      };
      const planning = { worksheets: readWorksheets(content.state) };
      return {
        review,
        planning,
        exports: {
          ...state.exports,
          predecessor: referenceTo(instance),
          versions: { ...state.exports.versions, lesions: content.version },
          // A renumbered map is no longer what the file holds, segment by segment.
          saved: map.labelmap.labels === content.labelmap.labels ? { lesions: map, seg } : undefined,
          archived: { content: contentOf({ ...state, review, planning }), seriesDescription },
        },
      };
    });
    await handToViewer(context, map);
    restoreReview(context);
    if (content.stateDamaged || (!stored && hasReview(content.state))) throw new InputError('review-unreadable');
    const independent = independentOf(instance, results).map(one => `“${text(one, 'SeriesDescription')}”`);
    if (independent.length > 0) throw new InputError('independent-results', { series: independent });
  } catch (error) {
    session.patch('review', { problem: toProblem(error) });
  }
}

/** There is one, readable or not; files of the first version had none. */
const hasReview = (state: unknown): boolean => (state as { review?: unknown } | undefined)?.review !== undefined;

/** The last one saved first. */
function resultsOf(sets: readonly DisplaySet[], seriesInstanceUID: string): NaturalizedInstance[] {
  const ours = sets.flatMap(({ Modality, instance, referencedSeriesInstanceUID }) =>
    Modality === 'SEG' && instance && isResultSeg(instance) && referencedSeriesInstanceUID === seriesInstanceUID
      ? [instance]
      : []
  );
  return newestFirst(ours);
}
