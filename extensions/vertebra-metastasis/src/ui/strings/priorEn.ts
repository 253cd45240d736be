import type { Change } from '../../core/prior';

const change: Record<Change, string> = {
  new: 'new',
  resolved: 'resolved',
  increased: 'increased',
  decreased: 'decreased',
  stable: 'stable',
  'marked-now': 'marked now, only screened before',
  'marked-before': 'marked before, only screened now',
  'not-comparable': 'not comparable',
};
const changeHelp: Record<Change, string> = {
  new: 'In this study only; the prior study searched its place and marked nothing there.',
  resolved: 'In the prior study only; this study searched its place, and nothing is marked there.',
  increased: 'Volume in ml rose by more than 20 % and more than 0.1 ml.',
  decreased: 'Volume in ml fell by more than 20 % and more than 0.1 ml.',
  stable: 'Volume in ml changed by no more than 20 % or 0.1 ml.',
  'marked-now':
    'In this study only. Whether it is new is unknown: the prior study screened its place as not suspicious and did not search it for lesions.',
  'marked-before':
    'In the prior study only. Whether it has resolved is unknown: this study screened its place as not suspicious and did not search it for lesions. Analyse with every slice searched to tell.',
  'not-comparable':
    'Unknown: the other study did not analyse this level or does not say what it searched, the lesion extends beyond what both studies searched, or the vertebra could not be aligned and its lesions are of different kinds.',
};

/** Texts of the comparison in English. */
export const priorEn = {
  title: 'Prior study',
  noCt: 'Prior studies are searched for once a CT is open.',
  searching: 'Searching for prior studies of this patient…',
  reading: 'Reading the prior result…',
  aligning: (done: number, total: number) => `Aligning vertebrae ${done} of ${total}`,
  compareAgain: 'Try again',
  totals: 'Volume within what both studies searched',
  totalHelp: (kind: string) =>
    `Sum of the ${kind} lesions in ml, prior study → this study, within what both searched; lesions that are not compared are excluded.`,
  none: 'No prior study of this patient holds a lesion segmentation of this software.',
  searchAgain: 'Search again',
  study: 'Prior study to compare with',
  showBoth: 'Show both studies side by side',
  showCurrent: 'Show only the current study',
  showBothHelp:
    'Current CT on the left, prior CT on the right, linked by the vertebrae; a click on a lesion shows it in both.',
  between: (prior: string, current: string) => `${prior} → ${current}`,
  nothing: 'No lesion in either study.',
  change,
  changeHelp,
  fromTo: (prior: string, current: string) => `${prior} → ${current} ml`,
  renamed: (level: string) => `This vertebra is called ${level} in the prior study.`,
  sameNames: 'Vertebrae of the same name are compared: check that both studies name them alike.',
  kindChanged: (prior: string, current: string) => `was ${prior}, is ${current}`,
  atLeast: 'Extends to parts that were not searched: the volumes are lower bounds.',
  beyond: (prior: string, current: string) =>
    `Outside what both studies searched: ${prior} → ${current} ml, not compared.`,
  screenedThen: 'The prior study screened this place as not suspicious and did not search it for lesions.',
  screenedNow: 'This study screened this place as not suspicious and did not search it for lesions.',
  blasticCaution: 'More sclerosis can be healing.',
  matchedBy: {
    tracking: 'Matched by its tracking UID.',
    overlap: 'Matched by position, after aligning each vertebra.',
    level: 'Matched by level and kind only.',
  },
  keepIdentities: 'Keep the prior tracking identities',
  keepIdentitiesHelp:
    'Gives matched lesions the TrackingUID of the prior study, so that files and later comparisons know them as the same. Saved with the next save.',
  caution:
    'Sclerosis can be healing: a larger blastic volume is not automatically progression. Read it together with the images and the treatment.',
  stableMeans: 'Stable: within 20 % or 0.1 ml, a convention of this software and not a response criterion.',
  otherMethod:
    'Model or threshold differ between the studies or are unknown, which can explain part of a difference. To be sure, analyse both in the same way.',
  unaligned: (levels: string, hasMasks: boolean) =>
    hasMasks
      ? `Could not be aligned, matched by level only: ${levels}.`
      : `The prior study has no vertebra masks; matched by level only: ${levels}.`,
};
