import { answerEn } from './answerEn';
import { describeError } from '../../core/errors';
import type { Problem } from '../state/state';
import { burdenEn } from './burdenEn';
import { exportEn } from './exportEn';
import { reportEn, sectorsEn, sinsEn } from './planningEn';
import { priorEn } from './priorEn';
import { reviewEn } from './reviewEn';
import { findEn } from './findEn';
import { imagesEn } from './imagesEn';
import { lesionListEn } from './lesionListEn';
import { modelEn } from './modelEn';
import { timeEn } from './timeEn';
import { vertebraListEn } from './vertebraListEn';

export interface ProblemText {
  readonly text: string;
}

/** Every text of the panel in English. Functions take the numbers they show, already in the unit they name. */
export const en = {
  title: 'Spine Oncology',
  /** A number with a decimal point, as the language writes it. */
  number: (text: string) => text,
  find: findEn,
  images: imagesEn,
  /** What is wrong and what to do. */
  problem: (problem: Problem): ProblemText => ({ text: describeError(problem) }),
  researchUse:
    'Research use only. Vertebral bodies only; posterior elements and slices that were not searched are not assessed.',

  waitsInArchive: (series: number) =>
    series === 1
      ? 'The CT of this study is waiting for its unattended analysis. It is next in the queue; reload the study later to see the result.'
      : `${series} CT series are waiting for their unattended analysis. They are next in the queue; reload the study later to see the results.`,

  tabsLabel: 'Steps of the review',
  tabs: { analyse: 'Analyse', burden: 'Burden', prior: 'Prior', report: 'Report', export: 'Export' },
  tabEmpty: {
    burden: 'Volumes by vertebra appear here after an analysis, or when the study holds a saved one.',
    prior: 'The comparison with a prior study appears here when this study has lesions to compare.',
    report: 'Worksheets and the text to copy appear here after an analysis, or when the study holds a saved one.',
    export: 'Files to export appear here after an analysis, or when the study holds a saved one.',
  },

  ct: 'CT series',
  ctReading: (done: number, total: number) => `Reading slices: ${done} of ${total}`,
  ctSummaryHelp: 'Number of axial slices, pixel size and slice spacing in mm.',
  ctSummary: (slices: number, inPlane: string, between: string) =>
    `${slices} slices, ${inPlane} mm in plane, ${between} mm apart`,

  ...modelEn,
  ...timeEn,
  model: 'Model',
  modelHelp: 'The networks that detect lesions; loaded and checked before the first analysis.',
  modelLoading: (percent: number) => `Loading and checking the model: ${percent} %`,
  modelStarting: 'Starting the model and checking its results…',
  setup: 'Setup',
  setupToggle: 'Show or hide series, masks, model and settings',
  modelRetry: 'Try again',
  provider: { webgpu: 'WebGPU', wasm: 'WebAssembly' },
  providerThreads: (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`),
  modelLimits: 'Known limits',
  intendedUse: 'Intended use',

  vertebraeSource: 'Vertebra masks (DICOM SEG)',
  masks: 'Masks',
  masksHelp: 'The DICOM SEG of this study that outlines the vertebral bodies.',
  vertebraeNone: 'None in this study.',
  vertebraeReading: 'Reading the vertebra masks',
  unusedSegments: (count: number) => (count === 1 ? '1 segment is not used' : `${count} segments are not used`),
  vertebrae: 'Vertebrae',
  includeAll: 'Select all vertebrae',
  includeNone: 'Deselect all vertebrae',
  includeVertebra: (level: string) => `Include ${level} in the analysis`,
  levelOf: (name: string) => `Level of the mask “${name}”; change it when the SEG is mislabelled`,
  goTo: (level: string) => `Show ${level} in the images`,
  analyseOne: (level: string) => `Analyse ${level} only`,
  slicesAnalysed: (searched: number, screened: number, skipped: number) =>
    `${searched === 1 ? '1 slice' : `${searched} slices`} searched${screened ? `, ${screened} only screened` : ''}${skipped ? `, ${skipped} excluded` : ''}`,

  candidates: (kept: number, all: number) => `${kept} of ${all} kept`,
  candidatesLabel: 'Candidate regions, highest score first',
  allCandidates: (count: number) => `Show all ${count}`,
  onlyKept: 'Show kept regions only',
  noCandidates: 'No candidate region in this vertebra.',
  candidateKind: 'Kind',
  candidateSlice: 'Slice',
  candidateSliceHelp: 'Distance of the sagittal slice from the middle of the body, in mm (L: patient left, R: right).',
  candidateVolume: 'Volume',
  candidateVolumeHelp: 'Area times the distance between sagittal slices, in ml.',
  candidateScore: 'Score',
  candidateScoreHelp:
    'Attribution score: the share of the probability of malignancy that this region explains on its own. Regions above the threshold are kept as lesions.',
  kept: 'kept',
  notKept: 'not kept',
  kind: { lytic: 'lytic', blastic: 'blastic', mixed: 'mixed' },
  left: 'L',
  right: 'R',

  slices: 'Sagittal slices',
  slicesHelp:
    'The published method analyses the central slice. Analysing more slices to measure a volume is an extension of it.',
  slicesAll: 'All slices of the body',
  slicesCentral: 'Central slice only',
  slicesEvery: (n: number) => `Every ${n}${n === 2 ? 'nd' : n === 3 ? 'rd' : 'th'} slice`,
  search: 'Search',
  searchHelp:
    'All slices are screened for P(malignant). Suspicious slices (50 % and more) are searched for lesions, or every slice as in the paper, which assumes vertebrae known to be malignant.',
  searchSuspicious: 'Suspicious slices',
  searchEverything: 'Every slice (as published)',
  sampler: 'Sampling',
  samplerHelp:
    'Reference repeats the authors’ 250 and 100 steps. Fast evaluates the network at a few of them, and scores only regions whose first estimate is not far below the threshold. Fast, every region, scores all regions and evaluates it at more.',
  samplerFast: 'Fast',
  samplerThorough: 'Fast, every region',
  samplerReference: 'Reference (slow)',

  analyse: (count: number) => (count === 1 ? 'Analyse 1 vertebra' : `Analyse ${count} vertebrae`),
  analyseHelp: 'Searches the selected vertebral bodies for lytic and blastic lesions (key: Shift+A).',
  cancel: 'Cancel',
  pause: 'Pause',
  pauseHelp: 'Frees the processor within one network evaluation; nothing done so far is lost (key: Shift+P).',
  resume: 'Resume',
  resumeHelp: 'Resumes where the analysis was paused (key: Shift+P).',
  paused: 'paused',
  cancelHelp: 'Stops within one network evaluation; finished vertebrae stay (key: Shift+X).',
  starting: 'Preparing the slices…',
  /** @param at number of the slice, or of the first and the last of those at work */
  runningAt: (level: string, at: string, slices: number, vertebra: number, vertebrae: number) =>
    `${level}: slice ${at} of ${slices} · vertebra ${vertebra} of ${vertebrae}`,
  evaluations: (done: string, planned: string) => `${done} of about ${planned} network evaluations`,
  screeningAt: (level: string, done: number, total: number) =>
    `Screening all vertebrae: ${level} · slice ${done} of ${total}`,
  timeLeft: (duration: string) => `about ${duration} left`,
  seconds: (n: number) => `${n} s`,
  shortSeconds: (n: string) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  hours: (n: string) => `${n} h`,
  done: (vertebrae: number, duration: string) =>
    `${vertebrae === 1 ? '1 vertebra' : `${vertebrae} vertebrae`} analysed in ${duration}.`,
  cancelled: 'Cancelled. Results of finished vertebrae are kept.',

  lesions: 'Lesions',
  lesionsNone: 'No lesion above the threshold in the analysed slices.',
  lesionsBefore: 'Lesions appear here and as one segmentation on the CT.',
  lesionVolume: (millilitres: string) => `${millilitres} ml`,
  lesionHelp: 'Volume on the CT’s voxels inside the vertebral body. Click to see the lesion in the images.',
  lesionTotalHelp: 'Volume of all lesions of a kind in all vertebrae, in ml, as it would be saved.',
  lesionTotal: (lytic: string, blastic: string, mixed?: string) =>
    `lytic ${lytic} ml · blastic ${blastic} ml${mixed ? ` · mixed ${mixed} ml` : ''}`,
  fromStored: 'Loaded from the saved SEG',
  fromAnalysis: 'From this analysis',
  edited: 'Decided on or edited by hand (SEMIAUTOMATIC)',
  unsaved: 'Not saved yet',
  save: 'Save as DICOM SEG',
  saveHelp: 'Stores the lesions as a DICOM segmentation series in the study (key: Shift+S).',
  saveAgain: 'Try to save again',
  saving: 'Saving…',
  saved: (series: string) => `Saved as series “${series}”.`,
  working: 'Working',
  copied: 'Copied',
  copyByHand: 'The browser blocked copying; select the text and copy it by hand',
  burden: burdenEn,
  exports: exportEn,
  prior: priorEn,
  sins: sinsEn,
  sectors: sectorsEn,
  report: reportEn,
  draft: {
    locale: 'en-GB',
    found: (when: string, vertebrae: number) =>
      `This browser holds unsaved work on this CT (${when}${vertebrae > 0 ? `, ${vertebrae === 1 ? '1 vertebra' : `${vertebrae} vertebrae`} analysed` : ''}).`,
    unfinished: (levels: string) => `The analysis had not finished: ${levels}.`,
    resume: 'Resume',
    discard: 'Discard',
  },
  review: reviewEn,
  answer: answerEn,
  vertebraList: vertebraListEn,
  lesionList: lesionListEn,
};

/** Shape that every language has to fill. */
export type Strings = typeof en;
