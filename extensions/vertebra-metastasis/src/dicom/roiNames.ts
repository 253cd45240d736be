import type { LesionToWrite } from './lesionTypes';

/** Planning systems cut or refuse longer names. */
export const ROI_NAME_CHARACTERS = 16;

/** GTV_T10_blastic once a person confirmed the lesion, LES_T10_blastic before. */
export const lesionRoiName = ({ level, kind, confirmed }: LesionToWrite): string =>
  `${confirmed ? 'GTV' : 'LES'}_${level}_${kind}`;

/** T10_blastic_m5: grown by 5 mm. */
export const marginRoiName = ({ level, kind }: LesionToWrite, marginMm: number): string =>
  `${level}_${kind}_m${Math.round(marginMm * 10) / 10}`;

/** Hands out each name once: clipped to 16 characters, repeated ones numbered. */
export function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return wanted => {
    const clipped = wanted.slice(0, ROI_NAME_CHARACTERS);
    let name = clipped;
    for (let n = 2; taken.has(name.toLowerCase()); n++) {
      name = `${clipped.slice(0, ROI_NAME_CHARACTERS - 1 - String(n).length)}_${n}`;
    }
    taken.add(name.toLowerCase());
    return name;
  };
}
