/** How the list of lesions is sorted. */
export const LESION_COLUMNS = ['name', 'size', 'volume', 'hu', 'score', 'slices'] as const;
export type LesionColumn = (typeof LESION_COLUMNS)[number];

export interface LesionOrder {
  /** `name`: from head to pelvis, the largest first within a level. */
  readonly by: LesionColumn;
  readonly descending: boolean;
}

export const initialLesionOrder: LesionOrder = { by: 'name', descending: false };
