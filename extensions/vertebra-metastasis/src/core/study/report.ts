/** The machine-readable account of an analysis: what was found, with which model and settings, and what was not assessed. */
import type { LeftOut, LesionKind, VertebraLevel } from '../types';
import { describeError, type ErrorCode, type Fault } from '../errors';
import type { SamplerRecord } from '../provenance';
import { keptRegions, type LesionLabelmap, type LesionRules } from './lesions';
import type { SliceChoice, StudyAnalysis, VertebraAnalysis } from './types';

export const RESEARCH_NOTICE =
  'Research use only; not a medical device. Vertebral bodies only, slice by slice: nothing is said of posterior elements ' +
  'or of parts listed as not analysed.';

/** Commands write the report; what a person decides afterwards stands in what the panel saves. */
export const NOT_REVIEWED = 'computed unattended, not reviewed';

export interface ReportContext {
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  /** Where the networks ran: 'cpu', 'webgpu', 'wasm'. */
  readonly provider: string;
  readonly sampler: SamplerRecord;
  readonly rules: LesionRules;
  readonly slices: SliceChoice;
  readonly screenBelow: number;
  readonly bodyMasks?: BodyMasksReport;
  readonly input?: InputReport;
}

/** What there is to say of the files that were read, in English. */
export interface InputReport {
  /** What lay beside the CT and the masks and was not read, and why. */
  readonly passedOver: readonly string[];
  /** What is doubtful: masks that overlap, images compressed with loss. */
  readonly notes: readonly string[];
}

/** Where the masks of the vertebral bodies come from. */
export interface BodyMasksReport {
  /** `automatic`: found in the CT without a click, to be verified; `given`: read from the user's segmentation. */
  readonly source: 'automatic' | 'given';
  /** Automatic only: places along the spine where no body was segmented, and why; LPS mm. */
  readonly notFound: readonly { readonly code: string; readonly centreLps: readonly [number, number, number] }[];
  /** Masks that were excluded, in words. */
  readonly unused: readonly string[];
}

export interface CandidateReport {
  readonly kind: LesionKind;
  /** Position in the vertebra's `slices`, from 0. */
  readonly slice: number;
  readonly pixels: number;
  /** Attribution score, not clamped; null when it was not computed. */
  readonly score: number | null;
  readonly kept: boolean;
  /** True: not scored, and `score` is the first estimate, which lay far below the threshold. */
  readonly skipped?: boolean;
  /** True: not scored, and `score` is the first estimate, which lay far above the threshold. */
  readonly estimated?: boolean;
  /** True: `score` follows from those of the same structure in neighbouring slices. */
  readonly inferred?: boolean;
  /** Why it does not count although it scored: `contradicted`, `covered`, `faint`, `isolated` (docs/outline.md), `unsupported` (docs/screening.md). */
  readonly leftOut?: LeftOut;
}

export interface VertebraReport {
  readonly label: VertebraLevel;
  readonly centreLps: readonly [number, number, number];
  readonly malignancyProbability: number;
  readonly slices: readonly {
    readonly offsetMm: number;
    readonly malignancyProbability: number;
    readonly paddedPixels: number;
    /** False: the classifier calls the slice healthy, so no lesions were sought in it. */
    readonly searched: boolean;
  }[];
  readonly candidates: readonly CandidateReport[];
}

/** A part of the study of which the report says nothing, and why. */
export interface NotAnalysed {
  readonly level: VertebraLevel;
  /** `slice`: excluded; `voxels`: no analysed slice there; `vertebra`: failed; `lesion`: found, but below the CT's grid. */
  readonly part: 'vertebra' | 'slice' | 'voxels' | 'lesion';
  /** In English. */
  readonly reason: string;
  /** Of the error behind the reason, where there is one. */
  readonly code?: ErrorCode;
  readonly offsetMm?: number;
  readonly voxels?: number;
  readonly millilitres?: number;
}

/** A lesion as it is reported: connected in three dimensions. Lengths in mm. */
export interface LesionReport {
  /** Value in the NIfTI labels and SegmentNumber in the DICOM SEG. */
  readonly segment: number;
  /** "T11 blastic 1": also the SegmentLabel. */
  readonly name: string;
  readonly level: VertebraLevel;
  readonly kind: LesionKind | 'mixed';
  readonly voxels: number;
  readonly millilitres: number;
  readonly longestAxialMm: number;
  readonly perpendicularAxialMm: number;
  readonly longestMm: number;
  /** Third of the body that its middle lies in. */
  readonly place?: { readonly side: string; readonly depth: string; readonly height: string };
  readonly huMean?: number;
  /** The largest attribution score in it, between 0 and 1, and as computed. */
  readonly score?: number;
  readonly rawScore?: number;
  /** What speaks against it, or against its size: single-slice, hu-unlike-kind, hugs-cortex, at-search-edge. */
  readonly flags: readonly string[];
  /** Its sagittal slices with their scores as computed. */
  readonly slices: readonly { readonly offsetMm: number; readonly score: number }[];
}

/** What the report takes of the lesions found. */
export interface FoundLesions extends Pick<LesionLabelmap, 'notAnalysed' | 'lost'> {
  readonly lesions: readonly (Omit<LesionReport, 'segment'> & { readonly index: number })[];
}

export interface StudyReport {
  readonly researchUseOnly: true;
  readonly notice: string;
  readonly review: typeof NOT_REVIEWED;
  readonly model: ReportContext['model'];
  readonly provider: string;
  readonly sampler: ReportContext['sampler'];
  readonly threshold: number;
  readonly minPixels: number;
  /** Slices below this P(malignant) were not searched for lesions. */
  readonly screenBelow: number;
  readonly slices: SliceChoice;
  readonly bodyMasks?: BodyMasksReport;
  readonly input?: InputReport;
  readonly cancelled: boolean;
  readonly vertebrae: readonly VertebraReport[];
  /** From head to pelvis, the largest first within a level. */
  readonly lesions: readonly LesionReport[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/** Collects the report; pure JSON values, LPS mm, millilitres. */
export function studyReport(study: StudyAnalysis, found: FoundLesions, context: ReportContext): StudyReport {
  const { model, provider, sampler, rules, slices } = context;
  return {
    researchUseOnly: true,
    notice: RESEARCH_NOTICE,
    review: NOT_REVIEWED,
    model,
    provider,
    sampler,
    threshold: rules.threshold,
    minPixels: rules.minPixels,
    screenBelow: context.screenBelow,
    slices,
    bodyMasks: context.bodyMasks,
    input: context.input,
    cancelled: study.cancelled,
    vertebrae: study.analyses.map(analysis => vertebraReport(analysis, rules)),
    lesions: found.lesions.map(lesionReport),
    notAnalysed: notAnalysed(study, found),
  };
}

const roundedMm = (mm: number): number => Number(mm.toFixed(1));

function lesionReport({ index, slices, ...lesion }: FoundLesions['lesions'][number]): LesionReport {
  const { name, level, kind, voxels, millilitres, place, huMean, score, rawScore, flags } = lesion;
  return {
    segment: index,
    name,
    level,
    kind,
    voxels,
    millilitres,
    longestAxialMm: roundedMm(lesion.longestAxialMm),
    perpendicularAxialMm: roundedMm(lesion.perpendicularAxialMm),
    longestMm: roundedMm(lesion.longestMm),
    ...(place ? { place } : {}),
    ...(huMean === undefined ? {} : { huMean }),
    ...(score === undefined ? {} : { score, rawScore }),
    flags,
    slices: slices.map(slice => ({ offsetMm: slice.offsetMm, score: slice.score })),
  };
}

function vertebraReport(analysis: VertebraAnalysis, rules: LesionRules): VertebraReport {
  const slices = [
    ...analysis.slices.map(({ offsetMm, paddedPixels, malignancyProbability, attribution }) => ({
      offsetMm,
      malignancyProbability: malignancyProbability ?? attribution.malignancyProbability,
      paddedPixels,
      searched: true,
    })),
    ...analysis.screenedSlices.map(({ offsetMm, paddedPixels, malignancyProbability }) => ({
      offsetMm,
      malignancyProbability,
      paddedPixels,
      searched: false,
    })),
  ].sort((a, b) => a.offsetMm - b.offsetMm);
  return {
    label: analysis.level,
    centreLps: analysis.centreLps,
    malignancyProbability: analysis.malignancyProbability,
    slices,
    candidates: analysis.slices.flatMap(analysed =>
      keptRegions(analysed, rules).candidates.map(candidate => ({
        kind: candidate.kind,
        slice: slices.findIndex(({ offsetMm }) => offsetMm === analysed.offsetMm),
        pixels: candidate.pixelCount,
        score: Number.isFinite(candidate.attributionScore) ? candidate.attributionScore : null,
        kept: candidate.kept,
        ...(candidate.skipped ? { skipped: true } : {}),
        ...(candidate.estimated ? { estimated: true } : {}),
        ...(candidate.inferred ? { inferred: true } : {}),
        ...(candidate.leftOut ? { leftOut: candidate.leftOut } : {}),
      }))
    ),
  };
}

const told = (reason: Fault) => ({ reason: describeError(reason), code: reason.code });

function notAnalysed(study: StudyAnalysis, lesions: Pick<LesionLabelmap, 'notAnalysed' | 'lost'>): NotAnalysed[] {
  return [
    ...study.failures.map(({ level, reason }) => ({ level, part: 'vertebra' as const, ...told(reason) })),
    ...study.analyses.flatMap(({ level, skippedSlices }) =>
      skippedSlices.map(({ offsetMm, reason }) => ({ level, part: 'slice' as const, ...told(reason), offsetMm }))
    ),
    ...lesions.notAnalysed.map(({ level, voxels, millilitres }) => ({
      level,
      part: 'voxels' as const,
      reason: 'no analysed slice passes through',
      voxels,
      millilitres,
    })),
    ...lesions.lost.map(({ level, kind, reason }) => ({
      level,
      part: 'lesion' as const,
      reason: `${kind} lesion not in the segmentation: ${reason}`,
    })),
  ];
}
