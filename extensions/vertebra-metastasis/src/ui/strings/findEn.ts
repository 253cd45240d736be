/** Texts of finding vertebrae without a segmentation, in English. */
export const findEn = {
  title: 'Find vertebrae',
  none: 'No vertebra segmentation in this study. Click into a vertebral body, let the bodies be found, or add a DICOM SEG (for example from TotalSegmentator).',
  source: (count: number) => `Found in this session (${count === 1 ? '1 vertebra' : `${count} vertebrae`})`,
  click: 'Click a vertebra',
  clickHelp:
    'Then click into the middle of a vertebral body in any plane. Its mask appears; pedicles and posterior elements are left out.',
  stop: 'Done clicking (Esc)',
  search: 'Find all',
  searchHelp:
    'Looks for the spine and its bodies in the whole CT. Research use: look at every mask before you rely on it.',
  clickHint: 'Click into a vertebral body in any image. Keys: N next above, B next below, U undo, Esc ends.',
  clicking: 'Segmenting the body…',
  reading: 'Reading the CT',
  stage: { column: 'Looking for the spine', bodies: 'Looking for bodies', masks: 'Drawing the masks' },
  cancel: 'Cancel',
  nextAbove: (level?: string) => `↑ ${level ?? 'next above'} (N)`,
  nextBelow: (level?: string) => `↓ ${level ?? 'next below'} (B)`,
  nextHelp: 'Segments the next body, which is expected at the mark in the images.',
  undo: 'Undo',
  undoHelp: 'Takes back the last click, search or erasing (key U while clicking).',
  levelOf: 'Which level is',
  levelShow: 'Show this vertebra in the images',
  levelHelp: 'Give the level of one vertebra, for example L1; the others are counted from it.',
  levelProposed: (level: string, basis: string, confidence: number) =>
    `${level} is proposed: ${basis} (confidence ${Math.round(100 * confidence)} %). Check it in the images; Enter takes it.`,
  basis: { 'last-rib': 'the lowest ribs seem to join here', 'first-rib': 'the uppermost ribs seem to join here' },
  levelConfirm: 'Set',
  shift: 'Shift all levels',
  shiftUp: 'Shift all levels towards the head by one',
  shiftDown: 'Shift all levels towards the pelvis by one',
  excluded: 'Not found or left out:',
  excludedPlace: (where: string, why: string) => `${where}: ${why}`,
  above: (level: string) => `above ${level}`,
  below: (level: string) => `below ${level}`,
  between: (upper: string, lower: string) => `between ${upper} and ${lower}`,
  why: {
    gap: 'a vertebra is missing; click into it',
    'cut-by-border': 'cut by the border of the CT',
    doubtful: 'the image is not clear; click into it if there is a body',
    'odd-volume': 'the mask had an implausible size; click into it if there is a body',
  },
  erase: (level: string) => `Erase the mask and results of ${level}`,
};

export type FindStrings = typeof findEn;
