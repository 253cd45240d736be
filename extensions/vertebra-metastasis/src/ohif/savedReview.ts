/** The review as it travels in the SEG: decisions, rules, marks, and the candidates they are about. */
import { z } from 'zod';
import { packFindings, REJECT_REASONS, type ReviewState, unpackFindings } from '../core';

const vec = z.tuple([z.number(), z.number(), z.number()]);
const kind = z.enum(['lytic', 'blastic']);
const candidate = z.object({
  id: z.number().int(),
  kind,
  mask: z.array(z.number().int().min(0)),
  probability: z.number(),
  attributionScore: z.number(),
});
const findings = z.object({
  label: z.number().int(),
  level: z.string(),
  centreLps: vec,
  skipped: z.number(),
  malignancyProbability: z.number(),
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
});
const schema = z.object({
  rules: z.object({ threshold: z.number(), minPixels: z.number() }),
  decisions: z.record(z.string(), decision),
  reviewed: z.array(z.number().int()),
  levels: z.record(z.string(), z.string()),
  findings: z.array(findings),
});

export type SavedReview = z.infer<typeof schema>;

/** Strokes are not packed: the voxels of the SEG hold them. */
export function packReview({ rules, decisions, reviewed, levels, findings: found }: ReviewState): SavedReview {
  const packed = found.flatMap(one => packFindings(one) ?? []);
  return JSON.parse(JSON.stringify({ rules, decisions, reviewed, levels, findings: packed })) as SavedReview;
}

/** Undefined when the file holds no review, or one this version does not understand: its voxels are taken as they are. */
export function readReview(state: unknown): ReviewState | undefined {
  const parsed = schema.safeParse((state as { review?: unknown } | undefined)?.review);
  if (!parsed.success) return undefined;
  const { findings: found, ...rest } = parsed.data;
  return { ...rest, findings: found.map(unpackFindings), strokes: [] };
}
