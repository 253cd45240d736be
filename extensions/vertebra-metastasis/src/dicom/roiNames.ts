import type { LesionToWrite } from './lesionTypes';

/** Planning systems cut or refuse longer names. */
export const ROI_NAME_CHARACTERS = 16;

/** GTV_T10_blastic once a person confirmed the lesion, LES_T10_blastic before. */
export const lesionRoiName = ({ level, kind, confirmed }: LesionToWrite): string =>
  `${confirmed ? 'GTV' : 'LES'}_${level}_${kind}`;

/** T10_blastic_m5: grown by 5 mm; in two parts, of which the second must stay whole. */
export const marginRoiName = ({ level, kind }: LesionToWrite, marginMm: number): readonly [string, string] => [
  `${level}_${kind}`,
  `_m${Number(marginMm.toFixed(2))}`,
];

/** Hands out each name once. What is longer than 16 characters loses the end of its first part; repeated ones are numbered. */
export function uniqueNames(): (wanted: string, tail?: string) => string {
  const taken = new Set<string>();
  return (wanted, tail = '') => {
    const ending = (end: string) => wanted.slice(0, ROI_NAME_CHARACTERS - end.length) + end;
    let name = ending(tail);
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = ending(`${tail}_${n}`);
    taken.add(name.toLowerCase());
    return name;
  };
}
