/** The review as it travels in the SEG: decisions, rules, marks, and the candidates they are about. */
import { z } from 'zod';
import {
  ANSWERS,
  drawnLesions,
  type Lesion3d,
  packFindings,
  PUBLISHED_RULES,
  REJECT_REASONS,
  type ReviewState,
  unpackFindings,
} from '../core';

const vec = z.tuple([z.number(), z.number(), z.number()]);
const kind = z.enum(['lytic', 'blastic']);
const candidate = z.object({
  id: z.number().int(),
  kind,
  mask: z.array(z.number().int().min(0)),
  probability: z.number(),
  attributionScore: z.number(),
  // Absent in files of the first version.
  huMean: z.number().optional(),
  skipped: z.boolean().optional(),
  estimated: z.boolean().optional(),
  leftOut: z.enum(['contradicted', 'covered', 'faint', 'unsupported', 'isolated']).optional(),
});
const rules = z.object({ threshold: z.number(), minPixels: z.number() });
const findings = z.object({
  label: z.number().int(),
  level: z.string(),
  centreLps: vec,
  skipped: z.number(),
  malignancyProbability: z.number(),
  // Absent in files of the first version, when every model came with the published ones.
  modelRules: rules.default(PUBLISHED_RULES),
  unattended: z.literal(true).optional(),
  frame: z.object({
    rowDirection: vec,
    columnDirection: vec,
    normal: vec,
    spacing: z.object({ anteriorPosterior: z.number(), superiorInferior: z.number(), leftRight: z.number() }),
  }),
  slices: z.array(
    z.object({
      origin: vec,
      offsetMm: z.number(),
      malignancyProbability: z.number(),
      candidates: z.array(candidate),
    })
  ),
  screened: z.array(vec),
});
const decision = z.object({
  verdict: z.enum(['accepted', 'rejected']).optional(),
  reason: z.enum(REJECT_REASONS).optional(),
  kind: kind.optional(),
  group: z.string().optional(),
  apart: z.string().optional(),
});
const schema = z.object({
  rules,
  decisions: z.record(z.string(), decision),
  reviewed: z.array(z.number().int()),
  levels: z.record(z.string(), z.string()),
  /** By mask label; absent in files of the first versions. */
  answers: z
    .record(z.string(), z.object({ answer: z.enum(ANSWERS), reader: z.string().optional(), on: z.string() }))
    .default({}),
  findings: z.array(findings),
  /** Lesions with voxels changed by hand; absent in files of the first version. */
  drawn: z
    .array(
      z.object({
        vertebraLabel: z.number().int().optional(),
        level: z.string(),
        kind: z.enum(['lytic', 'blastic', 'mixed']),
      })
    )
    .default([]),
});

export type SavedReview = z.infer<typeof schema>;

/** Of strokes only their lesions are packed: the voxels of the SEG hold the rest. */
export function packReview(state: ReviewState): SavedReview {
  const { rules, decisions, reviewed, levels, answers } = state;
  const packed = state.findings.flatMap(one => packFindings(one) ?? []);
  const review = { rules, decisions, reviewed, levels, answers, findings: packed, drawn: drawnLesions(state) };
  return JSON.parse(JSON.stringify(review)) as SavedReview;
}

/** Attenuation of a lesion, as measured on the CT. */
export interface MeasuredHu {
  /** For these voxels only. */
  readonly voxels: number;
  readonly huMean: number;
  readonly unlikeKind: boolean;
}

/** Undefined where the lesion was not measured. */
export function measuredHu({ voxels, huMean, flags }: Pick<Lesion3d, 'voxels' | 'huMean' | 'flags'>) {
  if (huMean === undefined) return undefined;
  return { voxels, huMean, unlikeKind: flags.includes('hu-unlike-kind') } satisfies MeasuredHu;
}

const measured = z.object({
  measured: z.record(z.string(), z.object({ voxels: z.number(), huMean: z.number(), unlikeKind: z.boolean() })),
});

/** Attenuation of the lesions by tracking UID; absent in files of former versions. */
export function readMeasured(state: unknown): Readonly<Record<string, MeasuredHu>> | undefined {
  const parsed = measured.safeParse(state);
  return parsed.success ? parsed.data.measured : undefined;
}

/** Undefined when the file holds no review, or one this version does not understand: its voxels are taken as they are. */
export function readReview(state: unknown): ReviewState | undefined {
  const parsed = schema.safeParse((state as { review?: unknown } | undefined)?.review);
  if (!parsed.success) return undefined;
  const { findings: found, drawn: touched, ...rest } = parsed.data;
  const nothing = { offsets: new Uint32Array(0), values: new Uint8Array(0), lesions: [] };
  return { ...rest, findings: found.map(unpackFindings), strokes: touched.length > 0 ? [{ ...nothing, touched }] : [] };
}
