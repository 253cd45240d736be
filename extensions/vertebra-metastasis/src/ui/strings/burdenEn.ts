/** Texts of the burden tab in English. */
export const burdenEn = {
  title: 'Lesion volume by vertebra',
  chart: (levels: string) => `Lesion volume by vertebra: ${levels}`,
  barHelp: (level: string) => `${level}; the length of the bar is the lesion volume in ml.`,
  unit: 'volume in ml',
  summary: (millilitres: string, affected: number, analysed: number | undefined) =>
    `${millilitres} ml of lesion in ${affected === 1 ? '1 vertebra' : `${affected} vertebrae`}${analysed === undefined ? '' : ` of ${analysed} analysed`}.`,
  byKind: (kinds: string) => `By kind: ${kinds}.`,
  summaryShare: (percent: string) => `That is ${percent} of the analysed vertebral bodies.`,
  outside: (millilitres: string) =>
    `${millilitres} ml lie outside the body masks (drawn by hand): in the volumes, not in the percentages.`,
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
  shareHelp: 'Lesion volume inside the body in percent of the part of the body that was analysed.',
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
  notAssessed: 'Not assessed',
  posteriorElements: 'Posterior elements of every vertebra, and everything outside the vertebrae.',
  unknownCoverage: 'The saved result does not say which bodies were analysed, so percentages are unknown.',
  vertebraNot: (level: string) => `${level}: not analysed`,
  slicesNot: (level: string, count: number) =>
    `${level}: ${count === 1 ? '1 sagittal slice' : `${count} sagittal slices`} excluded from analysis`,
  bodyPartNot: (level: string, millilitres: string) =>
    `${level}: ${millilitres} ml of the body without an analysed slice`,
  madeWith: (model: string, hash: string, sampler: string, threshold: string) =>
    `Model ${model} (SHA-256 ${hash}…), sampler ${sampler}, attribution threshold ${threshold}.`,
  unknownModel: 'The saved result does not say which model produced it.',
  notCriteria: 'Volumes are measurements, not a response category of any guideline.',
};
