/** Which vertebra an integer label means. The public schemes overlap, so the scheme is recognised or asked for. */
import type { LabelExtent } from '../geometry/labels';
import { InputError, type VertebraLevel } from '../types';
import { LEVELS } from './levels';

export type LabelScheme = 'verse' | 'totalsegmentator' | 'totalsegmentator-v1';
export const LABEL_SCHEMES: readonly LabelScheme[] = ['verse', 'totalsegmentator', 'totalsegmentator-v1'];

/** A labelled thing that is no single vertebra. */
const NOT_A_VERTEBRA: Record<LabelScheme, readonly number[]> = {
  verse: [26, 27],
  totalsegmentator: [25],
  'totalsegmentator-v1': [],
};

const regular = LEVELS.filter(level => !['T13', 'L6', 'S1'].includes(level));
const headToPelvis = (first: number): [number, VertebraLevel][] => regular.map((level, n) => [first + n, level]);
const pelvisToHead = (first: number): [number, VertebraLevel][] =>
  [...regular].reverse().map((level, n) => [first + n, level]);

const TABLES: Record<LabelScheme, ReadonlyMap<number, VertebraLevel>> = {
  // VerSe challenge and TPTBox: C1 = 1 .. L5 = 24, L6 = 25, sacrum = 26, coccyx = 27, T13 = 28.
  verse: new Map([...headToPelvis(1), [25, 'L6'], [28, 'T13']]),
  // TotalSegmentator v2 "total": sacrum = 25, S1 = 26, L5 = 27 .. C1 = 50.
  totalsegmentator: new Map([[26, 'S1'], ...pelvisToHead(27)]),
  // TotalSegmentator v1: L5 = 18 .. C1 = 41.
  'totalsegmentator-v1': new Map(pelvisToHead(18)),
};

/** @throws InputError 'unknown-label-scheme' */
export function parseLabelScheme(name: string): LabelScheme {
  const scheme = LABEL_SCHEMES.find(known => known === name);
  if (!scheme) {
    throw new InputError('unknown-label-scheme', { name, known: LABEL_SCHEMES });
  }
  return scheme;
}

/** The level a label means, or undefined for the sacrum and coccyx. @throws InputError 'unknown-label' */
export function levelFromLabel(label: number, scheme: LabelScheme): VertebraLevel | undefined {
  const level = TABLES[scheme].get(label);
  if (level === undefined && !NOT_A_VERTEBRA[scheme].includes(label)) {
    throw new InputError('unknown-label', { label, scheme });
  }
  return level;
}

/**
 * The label of a level in a scheme; S1 takes that of the sacrum where the scheme has no other.
 * @throws InputError 'unknown-level' for a level that the scheme cannot express
 */
export function labelForLevel(level: VertebraLevel, scheme: LabelScheme): number {
  for (const [label, known] of TABLES[scheme]) if (known === level) return label;
  if (level === 'S1' && scheme === 'verse') return NOT_A_VERTEBRA.verse[0];
  throw new InputError('level-without-label', { level, scheme });
}

/**
 * Recognises the scheme of a labelmap from the labels present and from whether they count upwards or downwards in the
 * patient: VerSe counts from head to pelvis, TotalSegmentator from pelvis to head.
 * @throws InputError 'ambiguous-labels' when both schemes fit (one lone label of 25..28), 'unknown-label' when none does
 */
export function detectLabelScheme(extents: Iterable<LabelExtent>): LabelScheme {
  const found = [...extents].sort((a, b) => a.label - b.label);
  const direction = countingDirection(found);
  const fitting = LABEL_SCHEMES.filter(
    scheme => fits(found, scheme) && (direction === 'none' || direction === (scheme === 'verse' ? 'down' : 'up'))
  );
  // Version 1 is old: it is meant only where nothing else explains the labels.
  const current = fitting.filter(scheme => scheme !== 'totalsegmentator-v1');
  const candidates = current.length > 0 ? current : fitting;
  const labels = found.map(({ label }) => label);
  if (candidates.length === 0) {
    throw new InputError('unexplained-labels', { labels });
  }
  if (candidates.length > 1) {
    throw new InputError('ambiguous-labels', { labels, schemes: candidates });
  }
  return candidates[0];
}

function fits(found: readonly LabelExtent[], scheme: LabelScheme): boolean {
  return found.every(({ label }) => TABLES[scheme].has(label) || NOT_A_VERTEBRA[scheme].includes(label));
}

/** Whether rising labels climb towards the head ('up') or the pelvis, by the sign of their covariance with z. */
function countingDirection(found: readonly LabelExtent[]): 'up' | 'down' | 'none' {
  // VerSe's T13 = 28 breaks its own order.
  const ordered = found.some(({ label }) => label < 25) ? found.filter(({ label }) => label !== 28) : found;
  if (ordered.length < 2) return 'none';
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const meanLabel = mean(ordered.map(({ label }) => label));
  const meanZ = mean(ordered.map(({ centreLps }) => centreLps[2]));
  const covariance = mean(ordered.map(({ label, centreLps }) => (label - meanLabel) * (centreLps[2] - meanZ)));
  return covariance > 0 ? 'up' : 'down';
}
