import {
  type Coverage,
  levelAnswers,
  maskRecord,
  type MethodOptions,
  type Provenance,
  type ReviewState,
  samplerRecord,
} from '../../../core';
import { codedAnswers, SAVED_SCHEMA } from '../../../dicom';
import type { VertebraEntry, Worksheets } from '../../../ui';
import { type LoadedModel, modelSha256 } from '../../../runtime';
import type { LesionMap } from '../../segmentation/lesionMap';
import { type MeasuredHu, measuredOf } from '../../segmentation/reviewMap';
import { packReview, type SavedReview } from '../../archive/savedReview';

export function provenanceOf(
  { manifest, provider }: LoadedModel,
  method: MethodOptions,
  vertebrae: readonly VertebraEntry[]
): Provenance {
  const { id, name, version } = manifest;
  return {
    model: { id, name, version, sha256: modelSha256(manifest) },
    sampler: samplerRecord(method),
    threshold: method.attributionThreshold,
    provider,
    masks: vertebrae.map(maskRecord),
  };
}

/** What `lesionSeg` keeps for us in a private element. */
interface SavedState {
  readonly schema: typeof SAVED_SCHEMA;
  readonly provenance: Provenance;
  /** Which bodies were analysed; absent in files of the first version. */
  readonly coverage?: readonly Coverage[];
  readonly worksheets?: Worksheets;
  /** Decisions and the candidates they are about. */
  readonly review?: SavedReview;
  /** What a reader said of whole vertebrae, coded; `review` has the same by mask. */
  readonly answers?: ReturnType<typeof codedAnswers>;
  /** Attenuation of the lesions by tracking UID: a stored result is shown before its CT is read. */
  readonly measured?: Readonly<Record<string, MeasuredHu>>;
}

export function savedState(
  provenance: Provenance,
  coverage: readonly Coverage[],
  worksheets: Worksheets,
  review: ReviewState,
  lesions?: LesionMap
): SavedState {
  const answers = codedAnswers(levelAnswers(review));
  const measured = lesions ? measuredOf(lesions) : {};
  const saved = {
    schema: SAVED_SCHEMA,
    provenance,
    coverage,
    worksheets,
    review: packReview(review),
    measured,
  } as const;
  return answers.length > 0 ? { ...saved, answers } : saved;
}
