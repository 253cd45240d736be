/** The review of a session: decisions and strokes with their history, and the segmentation that follows from them. */
import {
  type Coverage,
  emptyReview,
  type History,
  isProbablyNot,
  type Labelmap,
  type Lesion3d,
  type LesionRules,
  type Projection,
  type Provenance,
  type ReviewState,
  startHistory,
  unreviewedLevels,
  type VertebraFindings,
} from '../../../core';
import type { LesionResult, LesionRow, PaintTool, PanelState, Problem } from '../../../ui';
import type { LesionEntry, LesionMap, PaintTarget } from '../../segmentation/lesionMap';
import type { MeasuredHu } from '../../../dicom';
import type { Identities } from '../../segmentation/reviewMap';

export interface ReviewSlice {
  /** What a person decided. */
  readonly history: History<ReviewState>;
  /** Rules a slider shows that are no step yet. */
  readonly sliding?: LesionRules;
  /** A stored result that is not part of the history yet: its vertebrae are not known. */
  readonly pending?: PendingReview;
  /** As they are now, edits included. */
  readonly lesions?: LesionMap;
  /** What the viewer was handed, and its voxels when last read; its segment indices are those of `shown`. */
  readonly viewer?: { readonly shown: LesionMap; readonly labels: Labelmap['labels'] };
  readonly origin: LesionResult['origin'];
  /** The stroke taken last: during which press of the pointer, and the state it led to. */
  readonly stroke?: { readonly press: number; readonly state: ReviewState };
  /** Names of segments drawn by hand that cannot be understood. */
  readonly unnamed: readonly string[];
  /** The viewer's brush is on, and paints this lesion; or its eraser. */
  readonly painting?: { readonly tool: PaintTool; readonly target?: PaintTarget };
  /** With what the lesions were found. */
  readonly provenance?: Provenance;
  /** Which bodies the stored result was about. */
  readonly storedCoverage?: readonly Coverage[];
  /** The segmentation could not be read back or shown. */
  readonly problem?: Problem;
  /** Tracking identities given so far; grows as lesions are composed. */
  readonly identities: Identities;
  /** Of the findings onto the CT grid, made when first needed. */
  readonly projections: WeakMap<VertebraFindings, Projection>;
}

export interface PendingReview {
  readonly map: LesionMap;
  readonly review?: ReviewState;
  /** Attenuation of its lesions by tracking UID, as the file says. */
  readonly measured?: Readonly<Record<string, MeasuredHu>>;
}

export function newReview(rules: LesionRules): ReviewSlice {
  return {
    history: startHistory({ ...emptyReview, rules }),
    origin: 'analysis',
    unnamed: [],
    identities: new Map(),
    projections: new WeakMap(),
  };
}

export interface WithReview {
  readonly review: ReviewSlice;
}

/** What holds now, whatever was chosen at the time of the analysis: the same for panel, report and files. */
export function currentReview({ review: { history, pending } }: WithReview): ReviewState {
  return pending ? (pending.review ?? emptyReview) : history.present;
}

/** With threshold and completed reviews as they are since the analysis; both are known for results with candidates only. */
export function currentProvenance(session: WithReview): Provenance | undefined {
  const { provenance } = session.review;
  const review = currentReview(session);
  if (!provenance || review.findings.length === 0) return provenance;
  const notReviewed = unreviewedLevels(review);
  return {
    ...provenance,
    threshold: review.rules.threshold,
    notReviewed: notReviewed.length > 0 ? notReviewed : undefined,
  };
}

/** As the sliders show them. */
export function shownRules({ sliding, history }: Pick<ReviewSlice, 'sliding' | 'history'>): LesionRules {
  return sliding ?? history.present.rules;
}

export function reviewView(history: ReviewSlice['history'], sliding: LesionRules | undefined): PanelState['review'] {
  const { past, present, future } = history;
  return {
    present: sliding ? { ...present, rules: sliding } : present,
    canUndo: past.length > 0,
    canRedo: future.length > 0,
  };
}

/** One row per lesion; the same lists as long as the segmentation is the same. */
export function lesionRows({ segments, rejected = [] }: LesionMap): Pick<LesionResult, 'rows' | 'rejected'> {
  return { rows: segments.map(lesionRow), rejected: rejected.map(lesionRow) };
}

function lesionRow({ lesion, ...entry }: LesionEntry): LesionRow {
  const { index, label, level, vertebraLabel, kind, voxels, millilitres, score, confirmed, diameters } = entry;
  return {
    id: lesion?.id ?? `stored ${index}`,
    index,
    name: label,
    level,
    vertebraLabel,
    kind,
    voxels,
    millilitres,
    score: score === undefined ? undefined : Math.min(1, Math.max(0, score)),
    rawScore: score,
    diameters,
    huMean: lesion?.huMean,
    place: lesion?.place,
    slices: lesion?.slices ?? [],
    flags: lesion?.flags ?? [],
    verdict: lesion?.verdict ?? (confirmed ? 'accepted' : undefined),
    reason: lesion?.reason,
    drawn: entry.algorithmType === 'MANUAL',
    doubted: lesion !== undefined && isProbablyNot(lesion),
    atLeast: entry.atLeast ?? false,
  };
}

/** The lesion of an id of `LesionRow`, rejected ones included. */
export function lesionOf({ lesions }: Pick<ReviewSlice, 'lesions'>, id: string): Lesion3d | undefined {
  const all = lesions ? [...lesions.segments, ...(lesions.rejected ?? [])] : [];
  return all.find(({ lesion }) => lesion?.id === id)?.lesion;
}

/** A rejection can leave only segments nobody touched; the result as a whole is no longer automatic. */
export function algorithmTypeOf({ segments }: LesionMap, { decisions }: ReviewState): LesionResult['algorithmType'] {
  const untouched = segments.every(one => one.algorithmType === 'AUTOMATIC');
  return untouched && Object.keys(decisions).length === 0 ? 'AUTOMATIC' : 'SEMIAUTOMATIC';
}
