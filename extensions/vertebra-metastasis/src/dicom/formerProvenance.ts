/**
 * Reads the English sentences in which files saved by former software (schema 1) told sampler, masks and scores. Files of today hold them as data;
 * nothing else is read out of sentences.
 */
import type { FormerWords, MaskRecord, SamplerRecord } from '../core';

/** "fast, 10 inversion and 11 render evaluations", with the margins that applied. */
const SAMPLER =
  /^(fast|thorough|reference), (\d+) inversion and (\d+) render evaluations(?:; candidates first estimated below ([\d.]+) not scored)?(; outlines drawn anew at the half level of the CT)?(?:; candidates within ([\d.]+) of the threshold refined)?$/;
/** "vertebral bodies: T12 mask found automatically; L1 mask by click, corrected by hand". */
const MASKS = /^vertebral bodies: (.+)$/;
const MASK = /^(\S+) mask (by click|found automatically|given)(, corrected by hand)?$/;
const ORIGINS = { 'by click': 'click', 'found automatically': 'search', given: 'given' } as const;

/** @returns the words as they are where they say something else */
export function formerSampler(words: string): SamplerRecord | FormerWords {
  const [, id, inversion, render, floor, outlines, margin] = SAMPLER.exec(words) ?? [];
  if (!id) return { words };
  return {
    id: id as SamplerRecord['id'],
    inversionEvaluations: Number(inversion),
    renderEvaluations: Number(render),
    ...(floor ? { notScoredBelow: Number(floor) } : {}),
    ...(outlines ? { outlinesRefined: true as const } : {}),
    ...(margin ? { rescoredWithin: Number(margin) } : {}),
  };
}

/** The attribution score in a segment's description; also of a file of today whose private elements an archive dropped. */
export function formerScore(description: string): number | undefined {
  const score = /\battribution score (-?\d+(?:\.\d+)?)(?:;|$)/.exec(description)?.[1];
  return score === undefined ? undefined : Number(score);
}

/** @returns the words as they are where they say something else */
export function formerMasks(words: string): readonly MaskRecord[] | FormerWords {
  const items = MASKS.exec(words)?.[1].split('; ') ?? [];
  const masks = items.map((item): MaskRecord | undefined => {
    const [, level, origin, corrected] = MASK.exec(item) ?? [];
    return level
      ? { level, origin: ORIGINS[origin as keyof typeof ORIGINS], corrected: Boolean(corrected) }
      : undefined;
  });
  return masks.length > 0 && masks.every(mask => mask !== undefined) ? masks : { words };
}
