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

const REGIONS: Record<string, string> = {
  c: 'C',
  cervical: 'C',
  t: 'T',
  th: 'T',
  thoracic: 'T',
  l: 'L',
  lumbar: 'L',
  s: 'S',
  sacral: 'S',
};

/**
 * The level that a free name speaks of: "L1", "vertebrae_T12", "Vertebra C3", "T10 vertebral body", "lumbar 4", "Th7".
 * Undefined when it names none or more than one ("L1-L2").
 */
export function levelFromName(name: string): VertebraLevel | undefined {
  const pattern = /(?<![a-z])(cervical|thoracic|lumbar|sacral|th|[ctls])[ _-]*(?:vertebra[ _-]*)?(\d{1,2})(?!\d)/gi;
  const found = [...name.matchAll(pattern)].map(match => REGIONS[match[1].toLowerCase()] + Number(match[2]));
  const levels = new Set(found.filter(level => LEVELS.includes(level)));
  return levels.size === 1 && found.length > 0 ? [...levels][0] : undefined;
}
