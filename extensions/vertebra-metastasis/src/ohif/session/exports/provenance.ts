import { type Coverage, type MethodOptions, type ReviewState, samplerInWords } from '../../../core';
import { maskInWords, type ModelIdentity } from '../../../dicom';
import type { VertebraEntry, Worksheets } from '../../../ui';
import { type LoadedModel, modelSha256 } from '../../../runtime';
import { packReview, type SavedReview } from '../../archive/savedReview';

/** With what the lesions were found; travels with them into the SEG and back. */
export interface Provenance {
  readonly model: ModelIdentity;
  /** In words, with its steps. */
  readonly sampler: string;
  readonly threshold: number;
  readonly provider: string;
  /** How the masks of the vertebral bodies came about, where they were not given. */
  readonly masks?: string;
}

export function provenanceOf(
  { manifest, provider }: LoadedModel,
  method: MethodOptions,
  vertebrae: readonly VertebraEntry[]
): Provenance {
  const { id, name, version } = manifest;
  return {
    model: { id, name, version, sha256: modelSha256(manifest) },
    sampler: samplerInWords(method),
    threshold: method.attributionThreshold,
    provider,
    masks: masksInWords(vertebrae),
  };
}

/** "vertebral bodies: T12 mask found automatically, L1 mask by click"; undefined when all were given. */
function masksInWords(vertebrae: readonly VertebraEntry[]): string | undefined {
  if (!vertebrae.some(({ origin }) => origin)) return undefined;
  return `vertebral bodies: ${vertebrae.map(vertebra => `${vertebra.level} ${maskInWords(vertebra)}`).join('; ')}`;
}

/** What `lesionSeg` keeps for us in a private element. */
interface SavedState {
  readonly schema: 1;
  readonly provenance: Provenance;
  /** Which bodies were analysed; absent in files of the first version. */
  readonly coverage?: readonly Coverage[];
  readonly worksheets?: Worksheets;
  /** Decisions and the candidates they are about. */
  readonly review?: SavedReview;
}

export function savedState(
  provenance: Provenance,
  coverage: readonly Coverage[],
  worksheets: Worksheets,
  review: ReviewState
): SavedState {
  return { schema: 1, provenance, coverage, worksheets, review: packReview(review) };
}

/** Undefined when an archive dropped the private element or another version wrote it. */
export function readProvenance(state: unknown): Provenance | undefined {
  const saved = state as Partial<SavedState> | undefined;
  return saved?.schema === 1 && typeof saved.provenance?.model?.sha256 === 'string' ? saved.provenance : undefined;
}

/** Undefined when the file does not say. */
export function readCoverage(state: unknown): readonly Coverage[] | undefined {
  const { coverage } = (state ?? {}) as Partial<SavedState>;
  const valid = Array.isArray(coverage) && coverage.every(one => Number.isFinite(one?.analysedMillilitres));
  return valid ? coverage : undefined;
}
