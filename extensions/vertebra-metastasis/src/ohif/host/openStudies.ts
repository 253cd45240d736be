import type { DisplaySet } from './host';

/** The address names the studies a mode was opened with; case as the viewer reads it: either. */
const PARAMETER = 'studyinstanceuids';

/**
 * True for what belongs to the studies the mode was opened with. Studies loaded later, for comparison or by the user from the list of
 * earlier ones, are viewed but not analysed.
 */
export function isOfOpenStudy({ StudyInstanceUID }: Pick<DisplaySet, 'StudyInstanceUID'>): boolean {
  const opened = openStudyUids();
  return opened.length === 0 || opened.includes(StudyInstanceUID);
}

/** Study Instance UIDs the mode was opened with. */
export function openStudyUids(): string[] {
  return [...new URLSearchParams(window.location.search)].flatMap(([name, value]) =>
    name.toLowerCase() === PARAMETER ? value.split(',').filter(Boolean) : []
  );
}
