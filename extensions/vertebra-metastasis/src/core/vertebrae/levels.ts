/** Vertebra levels by name and order, from head to pelvis. Their DICOM codes live in dicom/. */
import { InputError, type VertebraLevel } from '../types';

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${letter}${n + 1}`);

/** All levels from head to pelvis; T13 and L6 are variants that some people have. */
export const LEVELS: readonly VertebraLevel[] = [...numbered('C', 7), ...numbered('T', 13), ...numbered('L', 6), 'S1'];

/** "V1", "V2"... number the bodies of a CT from the head where no level is known. */
export function numberedLevel(place: number): VertebraLevel {
  return `V${place}`;
}

/** Whether the name only numbers a body (see {@link numberedLevel}). */
export function isNumberedLevel(level: VertebraLevel): boolean {
  return /^V[1-9]\d?$/.test(level);
}

/**
 * Position in {@link LEVELS}, numbered bodies after them; sorts vertebrae from head to pelvis.
 * @throws InputError 'unknown-level'
 */
export function levelOrder(level: VertebraLevel): number {
  if (isNumberedLevel(level)) return LEVELS.length + Number(level.slice(1));
  const order = LEVELS.indexOf(level);
  if (order < 0) throw new InputError('unknown-level', { level, known: LEVELS });
  return order;
}

/** Whether a level cannot be analysed: the atlas has no body. */
export function unanalysable(level: VertebraLevel): boolean {
  return level === 'C1';
}

/**
 * How names speak of a region, as regular expressions: English, German (HWK, Lendenwirbelkörper), French, Italian, Spanish, Portuguese,
 * Dutch and Latin (vertèbre lombaire, vertebra dorsale, vértebra torácica, lendenwervel; D is the dorsal T). Accents are taken off before.
 */
const REGION_WORDS: readonly {
  readonly letter: string;
  /** Words that may stand behind an ordinal or before a Roman numeral as well. */
  readonly long: string;
  readonly short: string;
}[] = [
  { letter: 'C', long: 'cervical[ei]?s?|halswirbel(?:koerper|korper)?s?|halswervels?', short: 'hwk|hw|c' },
  {
    letter: 'T',
    long: 'thoracic[ai]?s?|thoraciques?|thoracale?s?|toracic[aeo]s?|dorsal[ei]?s?|brustwirbel(?:koerper|korper)?s?|borstwervels?',
    short: 'bwk|bw|th|t|d',
  },
  {
    letter: 'L',
    long: 'lumba[rl](?:es?|is)?|lombaires?|lombar[ei]?s?|lendenwirbel(?:koerper|korper)?s?|lendenwervels?',
    short: 'lwk|lw|l',
  },
  {
    letter: 'S',
    long: 'sacral[ei]?s?|sacree?s?|sacr[ao]|kreuz(?:bein)?wirbel(?:koerper|korper)?s?|sakralwirbel',
    short: 'swk|s',
  },
];
const VERTEBRA_WORD = '(?:vertebr(?:a|ae|as|e|es|al|ale)|wirbel(?:koerper|korper)?|wervels?)';
const ORDINAL = '(\\d{1,2})(?:\\.|st|nd|rd|th|e|er|re|ere|eme|a|o)?';

/** I to XIII, as anatomists count: "vertebra lumbalis III". */
const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii'];
const ROMAN_NUMERAL = '(x?(?:ix|iv|v?i{1,3})|x|v)';

/** "lumbar 4", "vertebra_L4", "LWK 3"; and "3rd lumbar vertebra", "3. Lendenwirbel", "3e vertebre lombaire". */
const PATTERNS = REGION_WORDS.flatMap(({ letter, short, long: words }) => {
  const region = `(?:${words}|${short})`;
  const long = `(?:${words})`;
  return [
    [letter, new RegExp(`(?<![a-z0-9])${region}[ _-]*(?:${VERTEBRA_WORD}[ _-]*)?(\\d{1,2})(?!\\d)`, 'gi')],
    [letter, new RegExp(`(?<![a-z0-9])${ORDINAL}[ _-]*(?:${VERTEBRA_WORD}[ _-]*)?${long}(?![a-z])`, 'gi')],
    [letter, new RegExp(`(?<![a-z0-9])${long}[ _-]*(?:${VERTEBRA_WORD}[ _-]*)?${ROMAN_NUMERAL}(?![a-z0-9])`, 'gi')],
  ] as const;
});

/**
 * The level that a free name speaks of: "L1", "vertebrae_T12", "Vertebra C3", "T10 vertebral body", "lumbar 4", "Th7", "BWK 12",
 * "3e vertèbre lombaire", "D5". Undefined when it names none or more than one ("L1-L2").
 */
export function levelFromName(name: string): VertebraLevel | undefined {
  const plain = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  const levels = new Set<string>();
  for (const [letter, pattern] of PATTERNS) {
    for (const match of plain.matchAll(pattern)) levels.add(letter + numberOf(match[1]));
  }
  const known = [...levels].filter(level => LEVELS.includes(level));
  return known.length === 1 ? known[0] : undefined;
}

const numberOf = (digits: string): number => ROMAN.indexOf(digits.toLowerCase()) + 1 || Number(digits);
