import { NOT_ASSESSED_WORDS } from '../../core/burden';

/** Texts of the burden tab in English. */
export const burdenEn = {
  title: 'Lesion volume by vertebra',
  chart: (levels: string) => `Lesion volume by vertebra: ${levels}`,
  barHelp: (level: string) => `${level}; the length of the bar is the lesion volume in ml.`,
  unit: 'volume in ml',
  summary: (millilitres: string, affected: string) => `${millilitres} ml of lesion in ${affected}.`,
  affected: (count: number) => (count === 1 ? '1 vertebra' : `${count} vertebrae`),
  /** "1 vertebra of 5 analysed (3 of these only screened)" */
  ofAnalysed: (affected: string, count: number, screened: number) =>
    `${affected} of ${count} analysed${screened > 0 ? ` (${screened} of these only screened)` : ''}`,
  analysed: (count: number, screened: number) =>
    `${count} analysed${screened > 0 ? `, ${screened} of these only screened` : ''}`,
  byKind: (kinds: string) => `By kind: ${kinds}.`,
  summaryShare: (percent: string) => `That is ${percent} of the analysed vertebral bodies.`,
  outside: (millilitres: string) =>
    `${millilitres} ml lie outside the analysed part of the bodies (drawn by hand): in the volumes, not in the percentages.`,
  table: 'Numbers',
  level: 'Level',
  total: 'Total',
  volume: 'Volume, ml',
  volumeHelp: 'Volume of the segmented lesion in ml, from the actual positions of the CT slices.',
  volumeOf: (lesion: string, millilitres: string, voxels: number) =>
    `${lesion}: ${millilitres} ml in ${voxels} voxels of the CT.`,
  hu: 'HU',
  percentiles: 'P10 · P50 · P90',
  huHelp:
    'Mean ± standard deviation of the lesion’s voxels in Hounsfield units; below, their 10th, 50th (median) and 90th percentile.',
  huOf: (minimum: string, maximum: string) =>
    `Hounsfield units of the lesion’s voxels, range ${minimum} to ${maximum} HU.`,
  share: 'Of analysed body',
  shareHelp:
    'Lesion volume inside the part of the body that was analysed (searched or screened), in percent of that part.',
  shareOf: (level: string, percent: string, millilitres: string) =>
    `${level}: lesions take up ${percent} of the ${millilitres} ml of body that were analysed.`,
  unknown: 'not known',
  noLesionIn: (levels: string) => `No lesion in what was analysed of: ${levels}.`,
  measureAgain: 'Measure again',
  unfinished: 'Analysis in progress; the numbers cover finished vertebrae only.',
  show: (level: string) => `Show the lesion of ${level} in the images`,
  copyText: 'Copy table',
  copyTextHelp: 'Copies the table, tab-separated, for a document or spreadsheet.',
  copyCsv: 'Copy CSV',
  copyCsvHelp: 'Copies the table as comma-separated values, with units in the column names.',
  ...NOT_ASSESSED_WORDS,
  madeWith: (model: string, hash: string, sampler: string, threshold: string) =>
    `Model ${model} (SHA-256 ${hash}…), sampler ${sampler}, attribution threshold ${threshold}.`,
  unknownModel: 'The saved result does not say which model produced it.',
  notCriteria: 'Volumes are measurements, not a response category of any guideline.',
};
