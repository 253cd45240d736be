/** What readers said of the vertebrae of a study, out of the results that they saved. */
import { type Answer, ANSWERS, LESION_KINDS, type LesionKind, REJECT_REASONS, type VertebraLevel } from '@spine/core';
import {
  isResultSeg,
  type LesionSegContent,
  type NaturalizedInstance,
  readLesionSeg,
  readPrivateState,
  seriesVersion,
  text,
} from '@spine/dicom';
import type { CtSeries } from '@spine/dicom';
import { z } from 'zod';

/** Free text of a file never leaves it: what looks unlike a level or a model's name could be a person's. */
const LEVEL = /^[A-Z]\d{1,2}$/;
const MODEL = /^[\w.-]{1,40}$/;

/** The part of a saved result's state that says what a person did; the viewer writes it (ohif/archive/savedReview.ts). */
const stateSchema = z.object({
  provenance: z
    .object({ model: z.object({ id: z.string(), version: z.string() }) })
    .optional()
    .catch(undefined),
  review: z.object({
    reviewed: z.array(z.number()),
    levels: z.record(z.string(), z.string()),
    findings: z.array(z.object({ label: z.number(), level: z.string() })),
    decisions: z.record(
      z.string(),
      z.object({
        verdict: z.enum(['accepted', 'rejected']).optional(),
        reason: z.enum(REJECT_REASONS).catch('other').optional(),
      })
    ),
    drawn: z.array(z.unknown()).default([]),
  }),
  /** Answers given in so many words; they win over what follows from the regions. */
  answers: z.array(z.object({ level: z.string(), answer: z.enum(ANSWERS) })).default([]),
});

/** What a person did with the candidates of a saved result. */
export interface Deeds {
  /** Who saved it; '' when the file does not say. */
  readonly reader: string;
  readonly savedAt: string;
  /** "id version" of the model whose candidates were reviewed. */
  readonly model: string;
  readonly accepted: number;
  /** Rejected candidates by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Regions that a person drew or changed. */
  readonly drawn: number;
}

export interface Reading extends Deeds {
  /** Of the vertebrae whose review was completed. */
  readonly answers: ReadonlyMap<VertebraLevel, Answer>;
  readonly content: LesionSegContent;
}

/**
 * The newest reading of each reader, of one CT series.
 * @param segs segmentations of the study
 * @param problems gets a line for each result that cannot be used; it names no person
 */
export function readings(segs: readonly NaturalizedInstance[], series: CtSeries, problems: string[]): Reading[] {
  const all: Reading[] = [];
  for (const seg of segs.filter(isResultSeg)) {
    let content: LesionSegContent;
    try {
      content = readLesionSeg(seg, series);
    } catch (error) {
      problems.push(`a saved result cannot be read: ${(error as { code?: string }).code ?? 'damaged'}`);
      continue;
    }
    const state = stateSchema.safeParse(content.state);
    if (state.success) all.push({ ...deedsOf(seg, state.data), answers: answersOf(content, state.data), content });
    else problems.push('a saved result has no review in it (saved by another version, or an archive dropped it)');
  }
  return newestOfEach(all, ({ reader }) => reader);
}

/** The same of any number of studies, without their images: what became of candidates, by the newest save of each reader and series. */
export function deeds(segs: readonly NaturalizedInstance[]): Deeds[] {
  const all = segs.filter(isResultSeg).flatMap(seg => {
    const state = stateSchema.safeParse(stateIn(seg));
    const [series] = [seg.ReferencedSeriesSequence].flat() as (NaturalizedInstance | undefined)[];
    return state.success ? [{ ...deedsOf(seg, state.data), of: text(series ?? {}, 'SeriesInstanceUID') }] : [];
  });
  return newestOfEach(all, one => `${one.of} ${one.reader}`);
}

function stateIn(seg: NaturalizedInstance): unknown {
  try {
    return readPrivateState(seg);
  } catch {
    return undefined;
  }
}

function newestOfEach<T extends Deeds>(all: readonly T[], key: (one: T) => string): T[] {
  const newest = new Map<string, T>();
  for (const one of all) {
    const before = newest.get(key(one));
    if (!before || before.savedAt < one.savedAt) newest.set(key(one), one);
  }
  return [...newest.values()];
}

type SavedState = z.infer<typeof stateSchema>;

function answersOf(content: LesionSegContent, { review, answers: given }: SavedState): Map<VertebraLevel, Answer> {
  const { reviewed, levels, findings } = review;
  const nameOf = (label: number) => levels[label] ?? findings.find(one => one.label === label)?.level;
  const withLesion = new Set(content.segments.filter(({ voxels }) => voxels > 0).map(({ level }) => level));
  const answers = new Map<VertebraLevel, Answer>();
  for (const level of reviewed.flatMap(label => nameOf(label) ?? [])) {
    if (LEVEL.test(level)) answers.set(level, withLesion.has(level) ? 'metastasis' : 'no metastasis');
  }
  for (const { level, answer } of given) if (LEVEL.test(level)) answers.set(level, answer);
  return answers;
}

function deedsOf(seg: NaturalizedInstance, { review, provenance }: SavedState): Deeds {
  const verdicts = Object.values(review.decisions);
  const rejected: Record<string, number> = {};
  for (const { verdict, reason = 'other' } of verdicts) {
    if (verdict === 'rejected') rejected[reason] = (rejected[reason] ?? 0) + 1;
  }
  const model = provenance?.model;
  const version = seriesVersion('lesions', text(seg, 'SeriesDescription'));
  return {
    reader: personName(seg.ContentCreatorName),
    // Saves of one minute are told apart by their number.
    savedAt: `${text(seg, 'ContentDate')}${text(seg, 'ContentTime')} ${String(version).padStart(6, '0')}`,
    model: model && MODEL.test(model.id) && MODEL.test(model.version) ? `${model.id} ${model.version}` : 'unknown',
    rejected,
    drawn: review.drawn.length,
    accepted: verdicts.filter(({ verdict }) => verdict === 'accepted').length,
  };
}

/** dcmjs gives a person's name as its representations. */
function personName(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  const alphabetic = (first as { Alphabetic?: unknown } | null | undefined)?.Alphabetic;
  return typeof alphabetic === 'string' ? alphabetic : '';
}

export interface Agreed {
  readonly level: VertebraLevel;
  readonly malignant: boolean;
  readonly kinds: readonly LesionKind[];
  /** The reading whose regions are the truth of this vertebra. */
  readonly reading: Reading;
}

/** One label for each vertebra: uncertain ones and those on which readers differ are left out, and named. */
export function agreedLabels(all: readonly Reading[]): { agreed: Agreed[]; leftOut: { level: string; why: string }[] } {
  const agreed: Agreed[] = [];
  const leftOut: { level: string; why: string }[] = [];
  for (const level of new Set(all.flatMap(({ answers }) => [...answers.keys()]))) {
    const own = all.filter(({ answers }) => answers.has(level));
    const given = new Set(own.map(({ answers }) => answers.get(level)!));
    if (given.has('uncertain')) leftOut.push({ level, why: 'a reader was uncertain' });
    else if (given.size > 1) leftOut.push({ level, why: `${own.length} readers differ` });
    else {
      const reading = own.reduce((a, b) => (a.savedAt > b.savedAt ? a : b));
      const kinds = reading.content.segments
        .filter(one => one.level === level && one.voxels > 0)
        .flatMap(({ kind }) => (kind === 'mixed' ? LESION_KINDS : [kind]));
      const malignant = given.has('metastasis');
      agreed.push({ level, malignant, kinds: malignant ? [...new Set(kinds)].sort().reverse() : [], reading });
    }
  }
  return { agreed, leftOut };
}
