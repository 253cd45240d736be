/** An archive of reviewed studies by simulated readers, with names, numbers and words planted wherever a file has room for them. */
import type { LesionKind } from '@spine/core';
import { type ReviewedStudy, writeReviewedStudy } from './reviewedStudy';
import { MINI_LEVELS } from './spineMets/miniature';

/** What must be found nowhere outside of private. */
export const planted = (studies: number): string[] => [
  ...['Musterfrau', 'Readerius', 'QX4711', 'Zuweiserin', 'ACC99021', 'Heimlichkeit'],
  ...Array.from({ length: studies }, (_, i) => `QX4711-${1000 + i}`),
];

/** Every third patient is without metastases; lesions move from level to level and take turns in kind. */
export function reviewedStudy(
  i: number,
  kinds: readonly LesionKind[] = ['lytic', 'blastic'],
  contrast = 1
): ReviewedStudy {
  const ill = i % 3 !== 2;
  const lesions = MINI_LEVELS.map((_, n) =>
    ill && (i + n) % 2 === 0 ? kinds[((i + n) / 2) % kinds.length] : undefined
  );
  return {
    id: String(1000 + i),
    patientId: `QX4711-${1000 + i}`,
    patientName: `Musterfrau^Erika ${i}`,
    lesions,
    contrast,
    referringPhysician: 'Zuweiserin^Anna',
    accessionNumber: `ACC99021${i}`,
    freeText: 'Heimlichkeit',
    readings: [{ reader: 'Readerius^Rita', says: lesions.map(kind => kind !== undefined), rejected: i % 2 }],
  };
}

export interface ArchiveOptions {
  readonly kinds?: readonly LesionKind[];
  /** See `MiniCase`. */
  readonly contrast?: number;
  /** The number to begin with: what was reviewed since. */
  readonly first?: number;
}

export function writeReviewedArchive(
  root: string,
  studies: number,
  { kinds, contrast, first = 0 }: ArchiveOptions = {}
): void {
  for (let i = first; i < studies; i++) writeReviewedStudy(root, reviewedStudy(i, kinds, contrast));
}
