import {
  analyseStudy,
  describeError,
  InputError,
  isNumberedLevel,
  lesionsOfAnalysis,
  type Lesion3d,
  LEVELS,
  localEngine,
  type MethodOptions,
  parseLabelScheme,
  samplerRecord,
  SCREEN_BELOW,
  type SliceChoice,
  type StudyAnalysis,
  studyReport,
  type VertebraAnalysis,
  vertebralBodies,
} from '@spine/core';
import type { LesionToWrite } from '@spine/dicom';
import { type ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import { modelSha256 } from '@spine/runtime/modelIdentity';
import { EXIT, parseOptions, required, type Terminal, UsageError, wholeNumber } from './cli';
import { findVertebrae, parseAnchor } from './foundVertebrae';
import { defaultModelFolder } from './defaultModel';
import { isNiftiPath } from './nifti';
import { vertebraFiles } from './niftiMasks';
import { loadModelFromFolder } from './nodeModel';
import { parseProvider } from './nodeProvider';
import { progressPrinter } from './progressLine';
import { writeStudy } from './studyFiles';
import { openMasks, readCt, readVertebraMasks, referencedSeriesOf } from './studySource';
import type { VertebraChoice } from './vertebraSource';

export const USAGE = `npm run analyse -- --ct <DICOM folder | NIfTI> [--vertebrae <DICOM SEG | NIfTI labels | folder of NIfTI masks>] [--model <dir>] --out <dir>
  without --vertebrae the bodies are found in the CT and numbered V1.. from the head; written to vertebrae-found.nii.gz/.json
  [--level V1=T5]                    the level of one of the bodies found: the others are counted from it
  [--slices all|central|<n>]         every sagittal slice of each body (default), the central one, or every n-th
  [--sampler fast|thorough|reference]  default fast; reference is the authors' sampler and needs about 15 times the evaluations;
                                     fast scores only candidates whose first estimate is not far below the threshold
                                     (where the model has a margin for it), thorough scores them all
  [--only T12,L1]                    these vertebrae only
  [--label-scheme verse|totalsegmentator|totalsegmentator-v3|totalsegmentator-v1|totalspineseg]   meaning of NIfTI labels; recognised when not given
  [--series <SeriesInstanceUID>]     which CT series, when the folder holds several; else the one that the SEG refers to
  [--acquisition <n>] [--where <Keyword>=<value>]   which images of a series that holds two phases or reconstructions
  [--threshold <score>]              attribution threshold; default: the model's
  [--screen-below <p>]               slices with a lower P(malignant) are not searched for lesions; default 0.5; 0 as published
  [--threads <n>]                    default 2
  [--provider cpu|webgpu|cuda[:<n>]] where the networks run; default cpu; cuda:1 is the second card
  [--json]                           print a summary as JSON on stdout
Writes report.json, lesions.nii.gz, bodies.dcm (DICOM SEG of what was analysed), lesions.dcm (DICOM SEG; only when there are
lesions) and, for a NIfTI CT, ct/: the DICOM series that the SEGs refer to. Progress and messages go to stderr.
Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 unusable input, or no vertebra could be analysed;
130 interrupted (what was finished is written). Research use only.`;

/** By convention 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

/** How a model is opened; tests that run many analyses share one. */
export type ModelLoader = typeof loadModelFromFolder;

/** For callers that go on after an interruption: what is finished already, and what has just been finished. */
export interface AnalysisHooks {
  /** By mask label, of the same CT, masks, model and options. */
  readonly finished?: ReadonlyMap<number, VertebraAnalysis>;
  /** Told once, before the first vertebra. */
  readonly onTargets?: (targets: readonly { readonly label: number; readonly level: string }[]) => void;
  readonly onVertebra?: (analysis: VertebraAnalysis) => void;
  readonly cancel?: AbortSignal;
}

/**
 * One analysis as the command line asks for it.
 * @param argv the arguments after the program's name
 * @returns the exit code
 * @throws UsageError, InputError
 */
export async function analyse(
  argv: readonly string[],
  terminal: Terminal,
  loadModel: ModelLoader = loadModelFromFolder,
  hooks: AnalysisHooks = {}
): Promise<number> {
  const note = (message: string) => void terminal.stderr.write(`analyse: ${message}\n`);
  const options = parseOptions(
    {
      ct: { type: 'string' },
      vertebrae: { type: 'string' },
      level: { type: 'string' },
      model: { type: 'string' },
      out: { type: 'string' },
      slices: { type: 'string', default: 'all' },
      sampler: { type: 'string', default: 'fast' },
      only: { type: 'string' },
      'label-scheme': { type: 'string' },
      series: { type: 'string' },
      acquisition: { type: 'string' },
      where: { type: 'string', multiple: true },
      threshold: { type: 'string' },
      'screen-below': { type: 'string', default: String(SCREEN_BELOW) },
      threads: { type: 'string', default: '2' },
      provider: { type: 'string', default: 'cpu' },
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
  const slices = sliceChoice(options.slices);
  const only = chosenLevels(options.only);
  const scheme = options['label-scheme'] === undefined ? undefined : parseLabelScheme(options['label-scheme']);
  const threads = wholeNumber(options.threads, 'threads');
  const screenBelow = numberOption(options['screen-below'], 'screen-below');

  const { manifest, network, provider } = await loadModel(paths.model, {
    threads,
    provider: parseProvider(options.provider),
  });
  const method = methodOptions(manifest, options.sampler, options.threshold);
  const masks = paths.vertebrae === undefined ? undefined : openMasks(paths.vertebrae);
  const ct = await readCt(paths.ct, {
    series: options.series,
    where: conditions(options.where, options.acquisition),
    referenced: referencedSeriesOf(masks),
  });
  for (const line of ct.notes) note(line);
  const {
    labelmap,
    vertebrae,
    unused,
    notFound,
    notes,
    undecided = [],
  } = masks === undefined
    ? await findVertebrae(ct.volume, paths.out, { anchor, threads, stderr: terminal.stderr })
    : await readVertebraMasks(masks, ct, scheme);
  for (const mask of unused) note(`mask not used: ${mask}`);
  for (const line of notes ?? []) note(line);
  for (const { code, centreLps } of notFound ?? []) {
    note(`no body mask: ${code} at ${centreLps.map(value => value.toFixed(0)).join(', ')} mm LPS`);
  }
  const chosen = choose(vertebrae, only, undecided);

  const cut = vertebralBodies(labelmap, chosen);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  hooks.cancel?.addEventListener('abort', () => interrupt.abort());
  const cutFailures = cut.failures.map(failed => ({ ...failed, level: levelOf(chosen, failed.label) }));
  const targets = chosen.filter(({ label }) => !cutFailures.some(failed => failed.label === label));
  hooks.onTargets?.(targets);
  const finished = (label: number) => hooks.finished?.get(label);
  const analysed = await analyseStudy(
    localEngine(network, manifest.classifier),
    { volume: ct.volume, bodies: cut.bodies, spec: manifest.patch },
    targets.filter(({ label }) => !finished(label)).map(({ label, level }) => ({ label, level })),
    {
      ...{ slices, method, screenBelow, cancel: interrupt.signal, onProgress: progressPrinter(terminal.stderr) },
      onVertebra: hooks.onVertebra,
    }
  );
  process.off('SIGINT', onInterrupt);
  terminal.stderr.write('\n');
  const study: StudyAnalysis = {
    ...analysed,
    analyses: targets.flatMap(
      ({ label }) => finished(label) ?? analysed.analyses.find(analysis => analysis.label === label) ?? []
    ),
    failures: [...cutFailures, ...analysed.failures],
  };
  const rules = { threshold: method.attributionThreshold, minPixels: method.minPixels };
  const lesions = lesionsOfAnalysis(ct.volume, cut.bodies, study.analyses, rules, ct.series.slicePositionsMm);
  const model = { ...identity(manifest), name: manifest.name };
  const report = studyReport(study, lesions, {
    model: identity(manifest),
    provider,
    sampler: method.sampler,
    rules,
    slices,
    screenBelow,
    bodyMasks: { source: notFound ? 'automatic' : 'given', notFound: notFound ?? [], unused },
  });
  const files = writeStudy(paths.out, ct, report, {
    series: ct.series,
    model,
    provider,
    sampler: samplerRecord(method),
    threshold: rules.threshold,
    labelmap: lesions.labelmap,
    segments: lesions.lesions.map(segmentOf),
    bodies: cut.bodies,
    vertebrae: study.analyses.map(({ label, level }) => ({ label, level })),
  });

  for (const { level, reason } of study.failures) {
    note(`${level} not analysed: ${reason.code}: ${describeError(reason)}`);
  }
  if (!files.seg) note('no lesion in what was analysed, so there is no lesions.dcm');
  if (options.json) {
    terminal.stdout.write(`${JSON.stringify({ files, ...summary(study), lesions: report.lesions })}\n`);
  } else {
    terminal.stdout.write(
      `${study.analyses.length} vertebrae analysed, ${report.lesions.length} lesions; written to ${paths.out}\n`
    );
  }
  return exitCode(study);
}

/** One segment of the SEG for each lesion. */
function segmentOf({ index, name, level, kind, rawScore }: Lesion3d): LesionToWrite {
  if (kind === 'mixed') throw new Error(`${name}: only a person joins kinds`);
  return { index, label: name, level, kind, score: rawScore, algorithmType: 'AUTOMATIC' };
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

function choose(
  vertebrae: readonly VertebraChoice[],
  only: readonly string[] | undefined,
  undecided: readonly number[]
): readonly VertebraChoice[] {
  const schemes = ['totalsegmentator', 'totalsegmentator-v3'];
  if (vertebrae.length === 0) throw new InputError('ambiguous-labels', { labels: undecided, schemes });
  if (!only) return vertebrae;
  const missing = only.filter(level => !vertebrae.some(vertebra => vertebra.level === level));
  if (missing.length > 0) {
    // The levels asked for may be those that a label of two meanings stands for, or be counted from it.
    if (undecided.length > 0) throw new InputError('ambiguous-labels', { labels: undecided, schemes });
    throw new InputError('vertebra-not-there', { missing, found: vertebrae.map(({ level }) => level) });
  }
  return vertebrae.filter(({ level }) => only.includes(level));
}

function methodOptions(manifest: ModelManifest, samplerName: string, threshold?: string): MethodOptions {
  const method = methodOf(manifest, samplerName);
  return threshold === undefined ? method : { ...method, attributionThreshold: numberOption(threshold, 'threshold') };
}

function numberOption(value: string, option: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw new UsageError(`--${option} ${value}: a number`);
  return number;
}

function identity(manifest: ModelManifest) {
  return { id: manifest.id, version: manifest.version, sha256: modelSha256(manifest) };
}

function levelOf(chosen: readonly VertebraChoice[], label: number): string {
  return chosen.find(vertebra => vertebra.label === label)!.level;
}

function summary({ analyses, failures, cancelled }: StudyAnalysis) {
  return {
    cancelled,
    vertebrae: analyses.map(({ level, malignancyProbability }) => ({ level, malignancyProbability })),
    failures: failures.map(({ level, reason }) => ({ level, code: reason.code, message: describeError(reason) })),
  };
}

/** The files are written; the exit code still tells a script when something is missing from them. */
function exitCode({ analyses, failures, cancelled }: StudyAnalysis): number {
  if (cancelled) return EXIT_INTERRUPTED;
  if (failures.some(({ reason }) => reason.code === 'unexpected')) return EXIT.unexpected;
  if (analyses.length === 0) {
    throw new InputError('nothing-analysed');
  }
  return EXIT.ok;
}
