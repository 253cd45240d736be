/** What a cohort keeps of a report.json: one row a vertebra, one row a lesion. */
import { z } from 'zod';

const report = z.object({
  model: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  cancelled: z.boolean(),
  vertebrae: z.array(
    z.object({
      label: z.string(),
      malignancyProbability: z.number(),
      slices: z.array(z.object({ searched: z.boolean() }).passthrough()),
    })
  ),
  lesions: z.array(
    z
      .object({
        name: z.string(),
        level: z.string(),
        kind: z.string(),
        millilitres: z.number(),
        longestAxialMm: z.number(),
        perpendicularAxialMm: z.number(),
        longestMm: z.number(),
        place: z.object({ side: z.string(), depth: z.string(), height: z.string() }).optional(),
        score: z.number().optional(),
        huMean: z.number().optional(),
        flags: z.array(z.string()),
      })
      .passthrough()
  ),
  notAnalysed: z.array(z.object({ level: z.string(), part: z.string(), reason: z.string() }).passthrough()),
});

export interface VertebraRow {
  readonly level: string;
  readonly malignancyProbability: number;
  readonly slices: number;
  readonly slicesSearched: number;
  readonly lyticMl: number;
  readonly blasticMl: number;
  readonly mixedMl: number;
  readonly lesions: number;
}

export interface LesionRow {
  readonly name: string;
  readonly level: string;
  readonly kind: string;
  readonly millilitres: number;
  readonly longestAxialMm: number;
  readonly perpendicularAxialMm: number;
  readonly longestMm: number;
  /** Thirds of the body, e.g. "left anterior upper"; empty when it is not known. */
  readonly place: string;
  /** 0 to 1. */
  readonly score: number | null;
  readonly huMean: number | null;
  readonly flags: readonly string[];
}

export interface SeriesSummary {
  readonly model: string;
  readonly vertebrae: readonly VertebraRow[];
  readonly lesions: readonly LesionRow[];
  /** Vertebrae of which nothing is said, with the reason. */
  readonly notAnalysed: readonly { readonly level: string; readonly reason: string }[];
}

/** @throws ZodError when the report is none of ours */
export function summaryOf(json: unknown): SeriesSummary {
  const { model, vertebrae, lesions, notAnalysed } = report.parse(json);
  const millilitres = (level: string, kind: string) =>
    lesions
      .filter(lesion => lesion.level === level && lesion.kind === kind)
      .reduce((sum, lesion) => sum + lesion.millilitres, 0);
  return {
    model: `${model.id} ${model.version} ${model.sha256.slice(0, 12)}`,
    vertebrae: vertebrae.map(({ label, malignancyProbability, slices }) => ({
      level: label,
      malignancyProbability,
      slices: slices.length,
      slicesSearched: slices.filter(({ searched }) => searched).length,
      lyticMl: millilitres(label, 'lytic'),
      blasticMl: millilitres(label, 'blastic'),
      mixedMl: millilitres(label, 'mixed'),
      lesions: lesions.filter(({ level }) => level === label).length,
    })),
    lesions: lesions.map(({ place, ...lesion }) => ({
      name: lesion.name,
      level: lesion.level,
      kind: lesion.kind,
      millilitres: lesion.millilitres,
      longestAxialMm: lesion.longestAxialMm,
      perpendicularAxialMm: lesion.perpendicularAxialMm,
      longestMm: lesion.longestMm,
      place: place ? [place.side, place.depth, place.height].join(' ') : '',
      score: lesion.score ?? null,
      huMean: lesion.huMean ?? null,
      flags: lesion.flags,
    })),
    notAnalysed: notAnalysed.filter(({ part }) => part === 'vertebra').map(({ level, reason }) => ({ level, reason })),
  };
}
