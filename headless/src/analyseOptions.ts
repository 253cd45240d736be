/** What `npm run analyse` can be asked for, and how it is told. */
import {
  isNumberedLevel,
  LEVELS,
  parseLabelScheme,
  PRESET_IDS,
  PRESETS,
  type SearchSettings,
  type SliceChoice,
} from '@spine/core';
import { parseOptions, required, UsageError, wholeNumber } from './cli';
import { defaultModelFolder } from './defaultModel';
import { parseAnchor } from './foundVertebrae';
import { isNiftiPath } from './nifti';
import { vertebraFiles } from './niftiMasks';
import { parseArithmetic, parseProvider } from './nodeProvider';
import { DEFAULT_EXPORTS, parseExports } from './studyFiles';

export const USAGE = `npm run analyse -- --ct <DICOM folder | NIfTI> [--vertebrae <DICOM SEG | NIfTI labels | folder of NIfTI masks>] [--model <dir>] --out <dir>
  without --vertebrae the bodies are found in the CT and numbered V1.. from the head; written to vertebrae-found.nii.gz/.json
  [--level V1=T5]                    the level of one of the bodies found: the others are counted from it
  [--preset quick|standard|reference]  default standard; quick: the central slice alone; reference: the authors' sampler on every slice.
                                     The expected time per vertebra is printed before the analysis
  [--slices all|central|<n>]         every sagittal slice of each body (default), the central one, or every n-th
  [--sampler fast|thorough|guided|reference]  default fast; reference is the authors' sampler and needs some 40 times the evaluations;
                                     fast scores only candidates whose first estimate is not far below the threshold
                                     (where the model has a margin for it), thorough scores them all, with more nodes; guided has fewer
                                     evaluations still and takes clear scores over from neighbouring slices
  [--only T12,L1]                    these vertebrae only
  [--label-scheme verse|totalsegmentator|totalsegmentator-v3|totalsegmentator-v1|totalspineseg]   meaning of NIfTI labels; recognised when not given
  [--series <SeriesInstanceUID>]     which CT series, when the folder holds several; else the one that the SEG refers to
  [--acquisition <n>] [--where <Keyword>=<value>]   which images of a series that holds two phases or reconstructions
  [--threshold <score>]              attribution threshold; default: the model's
  [--screen-below <p>]               slices with a lower P(malignant) are not searched for lesions; default 0.5; 0 as published
  [--threads <n>]                    default 2
  [--provider cpu|webgpu|cuda[:<n>]] where the networks run; default cpu; cuda:1 is the second card
  [--arithmetic auto|float16|float32]   default auto: float16 on a card where it agrees with float32 and is faster
  [--json]                           print a summary as JSON on stdout
  [--export seg,rtstruct,sr,csv,json]   what to write besides report.json and lesions.nii.gz; default ${DEFAULT_EXPORTS}:
                                     seg: bodies.dcm (what was analysed), lesions.dcm; rtstruct: contours.dcm;
                                     sr: measurements.dcm, with its seg; csv, json: measurements.csv, measurements.json
Without a lesion there is no lesions.dcm and no contours.dcm, but no-lesion.dcm with the analysed bodies.
All files say "computed unattended, not reviewed"; the panel goes on from lesions.dcm or no-lesion.dcm.
For a NIfTI CT ct/ holds the DICOM series that the objects refer to.
--out may not be, or lie in, a folder that is read. All files are moved in together; those of an earlier run are replaced, also where
this one has none of the kind; files of others stay. Progress and messages go to stderr.
Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 unusable input or folder, or no vertebra could be analysed (nothing is
written then); 130 interrupted (what was finished is written). Research use only.`;

/** @throws UsageError, InputError 'unknown-label-scheme' */
export function analyseOptions(argv: readonly string[]) {
  const options = parseOptions(
    {
      ct: { type: 'string' },
      vertebrae: { type: 'string' },
      level: { type: 'string' },
      model: { type: 'string' },
      out: { type: 'string' },
      preset: { type: 'string', default: 'standard' },
      slices: { type: 'string' },
      sampler: { type: 'string' },
      only: { type: 'string' },
      'label-scheme': { type: 'string' },
      series: { type: 'string' },
      acquisition: { type: 'string' },
      where: { type: 'string', multiple: true },
      threshold: { type: 'string' },
      'screen-below': { type: 'string' },
      threads: { type: 'string', default: '2' },
      provider: { type: 'string', default: 'cpu' },
      arithmetic: { type: 'string', default: 'auto' },
      export: { type: 'string', default: DEFAULT_EXPORTS },
      json: { type: 'boolean', default: false },
    },
    argv
  );
  const paths = {
    ct: required(options.ct, 'ct'),
    vertebrae: options.vertebrae,
    model: options.model ?? defaultModelFolder(),
    out: required(options.out, 'out'),
  };
  if (options.level !== undefined && paths.vertebrae !== undefined) {
    throw new UsageError(
      '--level names one of the bodies found in the CT; with --vertebrae the masks carry their levels'
    );
  }
  const anchor = options.level === undefined ? undefined : parseAnchor(options.level);
  const dicomMasks = paths.vertebrae !== undefined && !isNiftiPath(paths.vertebrae) && !vertebraFiles(paths.vertebrae);
  if (isNiftiPath(paths.ct) && dicomMasks) {
    throw new UsageError('a NIfTI CT has no DICOM identity, so --vertebrae must be NIfTI labels as well');
  }
  const preset = presetOption(options.preset);
  return {
    paths,
    anchor,
    slices: options.slices === undefined ? preset.slices : sliceChoice(options.slices),
    only: chosenLevels(options.only),
    scheme: options['label-scheme'] === undefined ? undefined : parseLabelScheme(options['label-scheme']),
    threads: wholeNumber(options.threads, 'threads'),
    provider: parseProvider(options.provider),
    arithmetic: parseArithmetic(options.arithmetic),
    sampler: options.sampler ?? preset.sampler,
    threshold:
      options.threshold === undefined
        ? undefined
        : numberOption(options.threshold, 'threshold', [-MAX_SCORE, MAX_SCORE]),
    screenBelow:
      options['screen-below'] === undefined
        ? preset.screenBelow
        : numberOption(options['screen-below'], 'screen-below', [0, NOTHING]),
    formats: parseExports(options.export),
    /** Which images of the CT. */
    images: { series: options.series, where: conditions(options.where, options.acquisition) },
    json: options.json,
  };
}

function presetOption(text: string): SearchSettings {
  const id = PRESET_IDS.find(one => one === text);
  if (!id) throw new UsageError(`--preset ${text}: one of ${PRESET_IDS.join(', ')}`);
  return PRESETS[id];
}

function sliceChoice(text: string): SliceChoice {
  if (text === 'all' || text === 'central') return text;
  return { every: wholeNumber(text, 'slices') };
}

/** --where Keyword=value, repeated, and --acquisition as the commonest of them. @throws UsageError */
function conditions(where: readonly string[] | undefined, acquisition: string | undefined): Record<string, string> {
  const pairs = (where ?? []).map(text => {
    const match = /^([A-Z][A-Za-z0-9]+)=(.*)$/.exec(text);
    if (!match)
      throw new UsageError(`--where ${text}: give a DICOM keyword and its value, such as ConvolutionKernel=B70f`);
    return [match[1], match[2].trim()];
  });
  return Object.fromEntries(acquisition === undefined ? pairs : [...pairs, ['AcquisitionNumber', acquisition.trim()]]);
}

function chosenLevels(text: string | undefined): string[] | undefined {
  const levels = text?.split(',').map(level => level.trim().toUpperCase());
  const unknown = levels?.filter(level => !LEVELS.includes(level) && !isNumberedLevel(level)) ?? [];
  if (unknown.length > 0)
    throw new UsageError(`--only ${unknown.join(',')}: use ${LEVELS.join(', ')}, or V1.. for bodies without a level`);
  return levels;
}

/** Scores lie within; with a threshold above it nothing would ever be kept. */
const MAX_SCORE = 2;
/** No P(malignant) reaches it: nothing is searched. */
const NOTHING = 2;

function numberOption(value: string, option: string, [min, max]: readonly [number, number]): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < min || number > max) {
    throw new UsageError(`--${option} ${value}: a number from ${min} to ${max}`);
  }
  return number;
}
