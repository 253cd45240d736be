import type { BodyPattern, Sector, SinsField } from '../../core/planning';

const fields: Record<SinsField, string> = {
  location: 'Location',
  pain: 'Pain',
  lesion: 'Bone lesion',
  alignment: 'Alignment',
  collapse: 'Collapse',
  posterolateral: 'Posterolateral',
};
const fieldHelp: Record<SinsField, string> = {
  location: 'Junctional levels bear most (0 to 3 points); follows from the level.',
  pain: 'Pain on movement or loading that is relieved by lying down is mechanical (0, 1 or 3 points). Ask the patient.',
  lesion: 'Lytic 2, mixed 1, blastic 0 points; proposed from the volumes found.',
  alignment: 'On radiographs: subluxation 4, new deformity 2, normal 0 points. A supine CT can hide both.',
  collapse: 'Loss of body height in percent relative to the neighbours (0 to 3 points).',
  posterolateral:
    'Fracture or tumour of facet, pedicle or costovertebral joint, by side (0, 1 or 3 points). Not assessed here.',
};
const patterns: Record<BodyPattern, string> = {
  central: 'in the middle of the body or on one side of it without reaching its outer third',
  left: 'mainly on the left of the body',
  right: 'mainly on the right of the body',
  diffuse: 'through the body or on both sides of it',
};
const names: Record<Sector, string> = {
  1: 'vertebral body',
  2: 'left pedicle',
  3: 'left transverse process and lamina',
  4: 'spinous process',
  5: 'right transverse process and lamina',
  6: 'right pedicle',
};

/** Texts of the worksheets in English. */
export const sinsEn = {
  title: 'SINS worksheet',
  vertebra: 'Vertebra',
  noLesion: 'No lesion, so there is no worksheet to fill in.',
  fields,
  fieldHelp,
  answers: {
    location: { junctional: 'junctional', mobile: 'mobile spine', semirigid: 'semirigid', rigid: 'rigid' },
    pain: { mechanical: 'mechanical pain', occasional: 'occasional, not mechanical', none: 'pain-free lesion' },
    lesion: { lytic: 'lytic', mixed: 'mixed', blastic: 'blastic' },
    alignment: { subluxation: 'subluxation or translation', deformity: 'new kyphosis or scoliosis', normal: 'normal' },
    collapse: {
      over50: 'more than 50 %',
      under50: 'less than 50 %',
      bodyOver50: 'none, more than 50 % of body involved',
      none: 'none of these',
    },
    posterolateral: { bilateral: 'bilateral', unilateral: 'unilateral', none: 'none' },
  },
  choose: (field: string) => `${field}: not set`,
  proposed: (answer: string, points: number) => `Proposed: ${answer} (${points})`,
  confirm: 'Confirm',
  confirmHelp: 'Accepts the proposal as your own answer.',
  confirmAll: (count: number) => (count === 1 ? 'Confirm 1 proposal' : `Confirm all ${count} proposals`),
  confirmAllHelp:
    'Accepts every proposal shown for a field that is still open. Fields set by hand stay as they are; fields without a proposal stay open.',
  byHand: 'To be set by hand.',
  set: 'Set by a person.',
  reset: '– reset',
  oneSlice: (level: string) =>
    `Only one sagittal slice of ${level} was searched: kind of lesion and share of the body refer to that slice.`,
  partlySearched: (level: string, percent: number) =>
    `${percent} % of the body of ${level} were searched: whether more than half of it is involved is unknown.`,
  unknownSearch: (level: string) =>
    `How much of the body of ${level} was searched is not known: kind of lesion and share of the body refer to what is marked.`,
  notMeasured: 'Could not be measured: no body mask, or no measurable neighbour.',
  parts: { anterior: 'Anterior', middle: 'Middle', posterior: 'Posterior' },
  collapseMeasured: (part: string, height: string, expected: string, loss: number, levels: string) =>
    `${part} height ${height} mm, ${expected} mm expected from ${levels}: ${loss > 0 ? `${loss} % loss` : 'no loss'}. Proposed as collapse from 20 %, as collapse of more than half above 50 %.`,
  alignmentMeasured: (step: string, level: string, wedge: string, neighbours: string) =>
    `Posterior wall ${step} mm off ${level}; wedge ${wedge}°, neighbours ${neighbours}°. Sagittal plane only.`,
  open: (count: number) =>
    count === 1 ? 'No total yet: 1 field is not set.' : `No total yet: ${count} fields are not set.`,
  total: (points: number, range: string) => `SINS ${points} of 18: ${range}.`,
  totalHelp: 'Sum of the points of all six fields, 0 to 18; there is none before each is set.',
  ranges: {
    stable: 'stable (0–6)',
    'potentially-unstable': 'potentially unstable (7–12)',
    unstable: 'unstable (13–18)',
  },
  source: 'Fisher et al., Spine 2010;35:E1221. For a vertebra with a metastasis; the surgeon decides.',
};

export const sectorsEn = {
  title: 'Spine SBRT sectors',
  names,
  patterns,
  because: (pattern: string, share: number, left: number) =>
    `Lesion ${pattern}: ${share} % of the analysed body; ${left} % of the lesion lies left of the middle.`,
  silent: {
    'not-searched':
      'No suggestion: the outer thirds of this body were not searched, so whether the lesion reaches either side is unknown.',
    'unknown-search': 'No suggestion: the result does not say which parts of this body were searched.',
  },
  none: 'No lesion voxel lies in a body mask, so nothing is suggested.',
  suggestion: 'Suggestion only: not in any report or export until confirmed.',
  byHand: 'To be set by hand; in no report or export until confirmed.',
  seenHelp: (name: string) => `${name}: suggested from the location of the lesion in the body; click to change.`,
  unseenHelp: (name: string) => `${name}: not analysed, so never suggested; click if involved.`,
  confirm: (sectors: string) => `Confirm ${listed(sectors)}`,
  confirmed: (sectors: string) => `Confirmed by a person: ${listed(sectors)}.`,
  change: 'Change',
  reported: (level: string, sectors: string) =>
    `${level}: bony target for spine SBRT, ${listed(sectors)} (International Spine Radiosurgery Consortium), confirmed by a person.`,
  limits:
    'Only the body was analysed. Sectors 3, 4 and 5 cannot be suggested; 2 and 6 follow from the side of the lesion in the body, not from the pedicles. Disease of pedicles, arch or soft tissue adds sectors.',
  source:
    'Cox et al., IJROBP 2012;83:e597 (bony targets for disease within the body). Drawn as seen in axial CT: patient’s left on the right.',
};

const regions = (count: number) => (count === 1 ? 'region' : 'regions');

export const reportEn = {
  title: 'Report text',
  copyEnglish: 'Copy English',
  copyGerman: 'Copy German',
  copyHelp: 'Copies the report as plain text.',
  copyWorksheets: 'Copy worksheets as CSV',
  copyWorksheetsHelp: 'Copies what was set or confirmed, one line per vertebra, without proposals.',
  withPrior: 'The text includes the comparison with the prior study.',
  comparing: 'The comparison with the prior study is being updated.',
  withoutPrior: 'The text includes a comparison once one was made under Prior.',
  heading: 'Vertebral lesions in CT, computed and for research use only.',
  noLesion: (analysed: string | undefined) =>
    `No lesion is marked in what was analysed of the vertebral bodies${analysed ? `; ${analysed}` : ''}.`,
  total: (millilitres: string, affected: string) => `Lesion volume ${millilitres} ml in ${affected}.`,
  share: (percent: string) => `This is ${percent} of the analysed vertebral bodies.`,
  lesion: (level: string, kind: string, millilitres: string, mean: string, sd: string) =>
    `${level}: ${kind} lesion volume ${millilitres} ml, mean ${mean} HU (standard deviation ${sd}).`,
  /** Words as a sentence of their own. */
  sentence: (words: string) => `${words[0].toUpperCase()}${words.slice(1)}.`,
  comparison: (prior: string, current: string) => `Compared with ${prior} (this study: ${current}):`,
  change: (lesion: string, change: string, prior: string, current: string, share: string) =>
    `${lesion}: ${change}, ${prior} to ${current} ml${share}.`,
  sins: (level: string, total: number, range: string) => `${level}: SINS ${total} of 18, ${range}.`,
  bodyShare: (level: string, percent: string) => `Lesions take up ${percent} of the analysed body of ${level}.`,
  method: 'Method: Hide-and-Seek Attribution, extended from the central slice to the slices through the body.',
  madeWith: (software: string, model: string, sha256: string, sampler: string, provider: string) =>
    `${software}; model ${model} (SHA-256 ${sha256}), sampler ${sampler}, run on ${provider}.`,
  sampler: {
    fast: (inversion: string, render: string) => `fast, ${inversion} inversion and ${render} render evaluations`,
    thorough: (inversion: string, render: string) =>
      `fast with every region scored, ${inversion} inversion and ${render} render evaluations`,
    guided: (inversion: string, render: string) =>
      `fast, guided by neighbouring slices, ${inversion} inversion and ${render} render evaluations`,
    reference: (inversion: string, render: string) =>
      `reference, ${inversion} inversion and ${render} render evaluations`,
    ode: (inversion: string, render: string) =>
      `probability-flow ODE, ${inversion} inversion and ${render} render evaluations`,
  },
  notScored: (floor: string) => `(regions first estimated below ${floor} not scored)`,
  estimatedAbove: (ceiling: string) => `(of regions first estimated above ${ceiling} that estimate is the score)`,
  outlinesRefined: '(outlines redrawn at the half level of the CT)',
  outlinedAcrossSlices: '(lesions outlined at one level across slices)',
  leastDifference: (least: string) => `(regions that the healthy edit changes by less than ${least} excluded)`,
  lesionsFollowed: '(slices beside a lesion searched until it ends)',
  leastSlices: (slices: string, probability?: string) =>
    `(regions in fewer than ${slices} neighbouring slices${probability === undefined ? '' : ` with P(malignant) of at least ${probability}`} excluded)`,
  screenedWithNetwork: '(slices judged with a screening network before they were searched)',
  leastKindLogit: (logit: string) =>
    `(regions excluded where the screening network’s logit for their kind is below ${logit})`,
  refined: (margin: string) => `(regions within ${margin} of the threshold scored a second time, more finely)`,
  threshold: (threshold: string) => `Regions count above an attribution score of ${threshold}.`,
  thresholdOfModel: (threshold: string) =>
    `Regions count above an attribution score of ${threshold}, the default of the model.`,
  thresholdMoved: (threshold: string, ofModel: string) =>
    `Regions count above an attribution score of ${threshold}, changed by the reviewer (default of the model: ${ofModel}).`,
  smallestRegion: (pixels: number) => `The smallest region that counts has ${pixels} pixels of the analysed slice.`,
  masksTitle: 'Masks of the vertebral bodies',
  masks: {
    search: (levels: string) => `found automatically ${levels}`,
    click: (levels: string) => `by click ${levels}`,
    given: (levels: string) => `given ${levels}`,
  },
  correctedMask: (level: string) => `${level} (corrected by hand)`,
  review: (automatic: number, edited: number, drawn: number, confirmed: number) =>
    `Reviewer: of the lesions ${automatic} as computed, ${edited} decided on or corrected, ${drawn} drawn by hand; ${confirmed} confirmed as metastasis.`,
  regionsRejected: (count: number, reason: string) => `${count} ${regions(count)} rejected (${reason})`,
  regionsAccepted: (count: number) => `${count} ${regions(count)} accepted`,
  kindsChanged: (count: number, kind: string) => `${count} ${regions(count)} reclassified as ${kind}`,
  lesionsMerged: (count: number) =>
    count === 1 ? '1 lesion merged from several regions' : `${count} lesions merged from several regions`,
  drawn: (kind: string) => `${kind} voxels drawn or erased by hand`,
  nothingDecided: 'No region was accepted, rejected or changed by the reviewer.',
  reviewed: (levels: string) => `Marked as reviewed: ${levels}.`,
  noneReviewed: 'No vertebra is marked as reviewed.',
  limits:
    'Limits: not a medical device. Vertebral bodies only. Volumes are measurements, not a response category of any guideline. A finding needs confirmation by a physician.',
};

/** "1" or "1, 2" */
function listed(sectors: string): string {
  return `${sectors.includes(',') ? 'sectors' : 'sector'} ${sectors}`;
}
