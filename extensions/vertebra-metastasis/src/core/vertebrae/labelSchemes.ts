/** Which vertebra an integer label means. The public schemes overlap, so the scheme is recognised or asked for. */
import type { LabelExtent } from '../geometry/labels';
import { InputError, type VertebraLevel } from '../types';
import { LEVELS } from './levels';

export type LabelScheme =
  | 'verse'
  | 'totalsegmentator'
  | 'totalsegmentator-v3'
  | 'totalsegmentator-v1'
  | 'totalspineseg';
export const LABEL_SCHEMES: readonly LabelScheme[] = [
  'verse',
  'totalsegmentator',
  'totalsegmentator-v3',
  'totalsegmentator-v1',
  'totalspineseg',
];

const regular = LEVELS.filter(level => !['T13', 'L6', 'S1'].includes(level));
const from = (first: number, levels: readonly VertebraLevel[]): [number, VertebraLevel][] =>
  levels.map((level, n) => [first + n, level]);
const region = (letter: string) => regular.filter(level => level.startsWith(letter));
const pelvisToHead = (first: number) => from(first, [...regular].reverse());
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

const TABLES: Record<LabelScheme, ReadonlyMap<number, VertebraLevel>> = {
  // VerSe challenge, TPTBox and SPINEPS: C1 = 1 .. L5 = 24, L6 = 25, sacrum = 26, coccyx = 27, T13 = 28.
  verse: new Map([...from(1, regular), [25, 'L6'], [28, 'T13']]),
  // TotalSegmentator v2 "total": sacrum = 25, S1 = 26, L5 = 27 .. C1 = 50.
  totalsegmentator: new Map([[26, 'S1'], ...pelvisToHead(27)]),
  // TotalSegmentator v3 "total": as v2, but 26 = L6.
  'totalsegmentator-v3': new Map([[26, 'L6'], ...pelvisToHead(27)]),
  // TotalSegmentator v1: L5 = 18 .. C1 = 41.
  'totalsegmentator-v1': new Map(pelvisToHead(18)),
  // TotalSpineSeg: C1 = 11 .. C7 = 17, T1 = 21 .. T12 = 32, L1 = 41 .. L5 = 45.
  totalspineseg: new Map([...from(11, region('C')), ...from(21, region('T')), ...from(41, region('L'))]),
};

/** Parts of the spine that are no single vertebra: sacrum, coccyx. */
const NOT_A_VERTEBRA: Record<LabelScheme, readonly number[]> = {
  verse: [26, 27],
  totalsegmentator: [25],
  'totalsegmentator-v3': [25],
  'totalsegmentator-v1': [],
  totalspineseg: [50],
};

/**
 * What whole outputs hold beside the spine's bones. SPINEPS: discs (100 + n) and endplates (200 + n). TotalSegmentator: organs.
 * TotalSpineSeg: cord, canal, discs.
 */
const OTHER_STRUCTURES: Record<LabelScheme, ReadonlySet<number>> = {
  verse: new Set([...range(101, 128), ...range(201, 228)]),
  totalsegmentator: new Set([...range(1, 24), ...range(51, 117)]),
  'totalsegmentator-v3': new Set([...range(1, 24), ...range(51, 117)]),
  'totalsegmentator-v1': new Set(),
  totalspineseg: new Set([1, 2, ...range(63, 67), ...range(71, 82), ...range(91, 95), 100]),
};

/** Whether the label is an organ, a disc or another thing that the scheme's own program writes beside vertebrae. */
export const isOtherStructure = (label: number, scheme: LabelScheme): boolean => OTHER_STRUCTURES[scheme].has(label);

/** What two versions of TotalSegmentator call differently: S1 in the second, L6 in the third. */
const UNDECIDED_LABEL = 26;

/**
 * Labels that mean one level or another where the scheme was recognised and not named: those versions of TotalSegmentator that
 * differ in them cannot be told apart.
 */
export const undecidedLabels = (labels: Iterable<number>, recognised: LabelScheme): readonly number[] =>
  recognised === 'totalsegmentator' ? [...labels].filter(label => label === UNDECIDED_LABEL) : [];

/** @throws InputError 'unknown-label-scheme' */
export function parseLabelScheme(name: string): LabelScheme {
  const scheme = LABEL_SCHEMES.find(known => known === name);
  if (!scheme) {
    throw new InputError('unknown-label-scheme', { name, known: LABEL_SCHEMES });
  }
  return scheme;
}

const VERSE_SACRUM = 26;

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
  if (level === 'S1' && scheme === 'verse') return VERSE_SACRUM;
  throw new InputError('level-without-label', { level, scheme });
}

/**
 * Recognises the scheme of a labelmap from the labels present and from whether they count upwards or downwards in the
 * patient: VerSe and TotalSpineSeg count from head to pelvis, TotalSegmentator from pelvis to head.
 * @throws InputError 'ambiguous-labels' when several schemes fit (one lone label of 25 or 26), 'one-label' for the lone label 1,
 *   'labels-upside-down' when one fits but for the direction, 'unexplained-labels' when none does
 */
export function detectLabelScheme(extents: Iterable<LabelExtent>): LabelScheme {
  const found = [...extents].sort((a, b) => a.label - b.label);
  const labels = found.map(({ label }) => label);
  if (labels.length === 1 && labels[0] === 1) throw new InputError('one-label', { label: 1 });
  const known = LABEL_SCHEMES.filter(scheme => fits(labels, scheme));
  const fitting = known.filter(scheme => directionFits(found, scheme));
  // Version 3 differs from 2 in one label (see `undecidedLabels`); version 1 is old and TotalSpineSeg's numbers are few: they are
  // meant only where nothing else explains the labels.
  const plausibility = (scheme: LabelScheme) => chainLength(labels, scheme);
  const most = Math.max(...fitting.map(plausibility));
  const best = fitting.filter(scheme => plausibility(scheme) === most);
  const current = best.filter(scheme => scheme === 'verse' || scheme === 'totalsegmentator');
  const candidates = current.length > 0 ? current : best.slice(0, 1);
  if (candidates.length === 0) {
    if (known.length > 0) throw new InputError('labels-upside-down', { labels, scheme: known[0] });
    throw new InputError('unexplained-labels', { labels });
  }
  if (candidates.length > 1) {
    throw new InputError('ambiguous-labels', { labels, schemes: candidates });
  }
  return candidates[0];
}

/** Every label means something, and one at least lies in the spine. */
function fits(labels: readonly number[], scheme: LabelScheme): boolean {
  const spine = (label: number) => TABLES[scheme].has(label) || NOT_A_VERTEBRA[scheme].includes(label);
  return labels.some(spine) && labels.every(label => spine(label) || isOtherStructure(label, scheme));
}

/** Places along the spine, one apart; T13 and L6 lie between their neighbours, sacrum and coccyx after L5. */
const PLACES = new Map<VertebraLevel, number>([
  ...regular.map((level, n) => [level, n] as const),
  ['T13', regular.indexOf('T12') + 0.5],
  ['L6', regular.length - 0.5],
  ['S1', regular.length],
]);
/** Steps between neighbours that are no gap: L5 to sacrum with or without L6. */
const NEIGHBOURS = 1;

/** Labels in the spine less two for each gap between them: what is named in one row is meant so more likely. */
function chainLength(labels: readonly number[], scheme: LabelScheme): number {
  const beside = NOT_A_VERTEBRA[scheme];
  const places = labels
    .flatMap(label => {
      const level = TABLES[scheme].get(label);
      if (level !== undefined) return [PLACES.get(level)!];
      return beside.includes(label) ? [regular.length + beside.indexOf(label) / 2] : [];
    })
    .sort((a, b) => a - b);
  const gaps = places.filter((place, n) => n > 0 && place - places[n - 1] > NEIGHBOURS).length;
  return places.length - 2 * gaps;
}

const SACRUM: Readonly<Partial<Record<LabelScheme, number>>> = { verse: VERSE_SACRUM, totalsegmentator: 25 };

function directionFits(found: readonly LabelExtent[], scheme: LabelScheme): boolean {
  // VerSe's T13 = 28 breaks its own order; L6 and the sacrum go on with it.
  const vertebrae = found.filter(
    ({ label }) => (TABLES[scheme].has(label) && !(scheme === 'verse' && label === 28)) || SACRUM[scheme] === label
  );
  const direction = countingDirection(vertebrae);
  return direction === 'none' || direction === (scheme.startsWith('totalsegmentator') ? 'up' : 'down');
}

/** Whether rising labels climb towards the head ('up') or the pelvis, by the sign of their covariance with z. */
function countingDirection(found: readonly LabelExtent[]): 'up' | 'down' | 'none' {
  if (found.length < 2) return 'none';
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const meanLabel = mean(found.map(({ label }) => label));
  const meanZ = mean(found.map(({ centreLps }) => centreLps[2]));
  const covariance = mean(found.map(({ label, centreLps }) => (label - meanLabel) * (centreLps[2] - meanZ)));
  return covariance > 0 ? 'up' : 'down';
}
