/**
 * Spinal Instability Neoplastic Score: Fisher et al., "A novel classification system for spinal instability in neoplastic disease",
 * Spine 2010;35:E1221-E1229, doi 10.1097/BRS.0b013e3181e16ae2. Points and ranges as published; a person answers, this only adds up.
 */
import type { VertebraLevel } from '../types';

/** Answers of each component with their points. */
export const SINS_POINTS = {
  location: { junctional: 3, mobile: 2, semirigid: 1, rigid: 0 },
  pain: { mechanical: 3, occasional: 1, none: 0 },
  lesion: { lytic: 2, mixed: 1, blastic: 0 },
  alignment: { subluxation: 4, deformity: 2, normal: 0 },
  collapse: { over50: 3, under50: 2, bodyOver50: 1, none: 0 },
  posterolateral: { bilateral: 3, unilateral: 1, none: 0 },
} as const;

export type SinsField = keyof typeof SINS_POINTS;
export type SinsAnswer<F extends SinsField = SinsField> = F extends SinsField ? keyof (typeof SINS_POINTS)[F] : never;
/** What a person has set; a field that is absent is open. */
export type SinsAnswers = { readonly [F in SinsField]?: SinsAnswer<F> };

/** In the order of the publication. */
export const SINS_FIELDS = Object.keys(SINS_POINTS) as readonly SinsField[];

/** The answers a field offers, highest points first. */
export function sinsOptions(field: SinsField): readonly { readonly answer: SinsAnswer; readonly points: number }[] {
  return Object.entries(SINS_POINTS[field]).map(([answer, points]) => ({ answer: answer as SinsAnswer, points }));
}

/** Points of one answer. */
export function sinsPoints(field: SinsField, answer: SinsAnswer): number {
  return (SINS_POINTS[field] as Readonly<Record<string, number>>)[answer];
}

export interface SinsScore {
  /** 0 to 18. */
  readonly total: number;
  /** 0-6 stable, 7-12 potentially unstable, 13-18 unstable. */
  readonly range: 'stable' | 'potentially-unstable' | 'unstable';
}

/** Undefined until every component is set. */
export function sinsScore(answers: SinsAnswers): SinsScore | undefined {
  let total = 0;
  for (const field of SINS_FIELDS) {
    const answer = answers[field];
    if (answer === undefined) return undefined;
    total += sinsPoints(field, answer);
  }
  return { total, range: total <= 6 ? 'stable' : total <= 12 ? 'potentially-unstable' : 'unstable' };
}

/** Location by level: occiput-C2, C7-T2, T11-L1 and L5-S1 are junctional. Undefined for bodies that are only numbered. */
export function sinsLocation(level: VertebraLevel): SinsAnswer<'location'> | undefined {
  const [, region, digits] = /^([CTLS])(\d+)$/.exec(level) ?? [];
  if (!region) return undefined;
  const n = Number(digits);
  // T13 and L6 lie at the junctions of those who have them.
  if (region === 'C') return n <= 2 || n === 7 ? 'junctional' : 'mobile';
  if (region === 'T') return n <= 2 || n >= 11 ? 'junctional' : 'semirigid';
  if (region === 'L') return n === 1 || n >= 5 ? 'junctional' : 'mobile';
  return n === 1 ? 'junctional' : 'rigid';
}

/** With less of the other kind a lesion is called by its main kind: a rim or a few voxels do not make it mixed. */
export const MIXED_SHARE = 0.2;

/** Kind of lesion by the volumes found; undefined without lesion. @param mixedMillilitres of lesions that are of both kinds */
export function sinsLesion(
  lyticMillilitres: number,
  blasticMillilitres: number,
  mixedMillilitres = 0
): SinsAnswer<'lesion'> | undefined {
  const total = lyticMillilitres + blasticMillilitres + mixedMillilitres;
  if (total === 0) return undefined;
  if ((mixedMillilitres + Math.min(lyticMillilitres, blasticMillilitres)) / total >= MIXED_SHARE) return 'mixed';
  return lyticMillilitres > blasticMillilitres ? 'lytic' : 'blastic';
}
