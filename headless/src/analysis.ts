import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  analyseStudy,
  coverageOf,
  describeError,
  InputError,
  lesionsOfAnalysis,
  maskRecord,
  type Lesion3d,
  localEngine,
  type MethodOptions,
  notAssessedParts,
  samplerRecord,
  type StudyAnalysis,
  studyReport,
  unattendedReview,
  unreviewedLevels,
  type VertebraAnalysis,
  vertebralBodies,
} from '@spine/core';
import { type LesionToWrite, measuredHu, newUid, type ResultToWrite, savedState } from '@spine/dicom';
import { evaluationTime } from '@spine/runtime/evaluationTime';
import { type ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import { modelSha256 } from '@spine/runtime/modelIdentity';
import { analyseOptions } from './analyseOptions';
import { EXIT, type Terminal } from './cli';
import { arithmeticLine, expectedTimeLine } from './expectedTimeLine';
import { findVertebrae } from './foundVertebrae';
import { isNiftiPath } from './nifti';
import { loadModelFromFolder } from './nodeModel';
import { progressPrinter } from './progressLine';
import { checkResultFolder, writeResults } from './resultFolder';
import { type FileUids, namesToWrite, pathsByKind, studyFiles } from './studyFiles';
import { openMasks, readCt, readVertebraMasks, referencedSeriesOf } from './studySource';
import type { VertebraChoice } from './vertebraSource';

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
  /** UIDs of the objects that are written; default: random. */
  readonly uids?: FileUids;
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
  const options = analyseOptions(argv);
  const { paths, slices, only, scheme, threads, screenBelow, formats, anchor } = options;
  const inputs = [paths.ct, ...(paths.vertebrae === undefined ? [] : [paths.vertebrae])];
  const found = paths.vertebrae === undefined ? (['vertebrae-found.json', 'vertebrae-found.nii.gz'] as const) : [];
  checkResultFolder(paths.out, inputs, [...namesToWrite(formats, isNiftiPath(paths.ct)), ...found]);

  const { manifest, network, provider, arithmetic, evaluationMs } = await loadModel(paths.model, {
    threads,
    provider: options.provider,
    arithmetic: options.arithmetic,
  });
  if (arithmetic.code !== 'off') note(arithmeticLine(provider, arithmetic));
  const method = methodOptions(manifest, options.sampler, options.threshold);
  const masks = paths.vertebrae === undefined ? undefined : openMasks(paths.vertebrae);
  const passedOver = (line: string) => note(`passed over: ${relativeTo(inputs, line)}`);
  const ct = await readCt(paths.ct, { ...options.images, referenced: referencedSeriesOf(masks) }, passedOver);
  const search =
    masks === undefined ? await findVertebrae(ct.volume, { anchor, threads, stderr: terminal.stderr }) : undefined;
  const source = search ?? (await readVertebraMasks(paths.vertebrae!, masks!, ct, scheme));
  const { labelmap, vertebrae, unused, notFound, undecided = [] } = source;
  const input = {
    passedOver: [...ct.passedOver, ...(source.passedOver ?? [])].map(line => relativeTo(inputs, line)),
    notes: [...ct.notes, ...(source.notes ?? [])],
  };
  source.passedOver?.forEach(passedOver);
  for (const line of input.notes) note(line);
  for (const mask of unused) note(`mask not used: ${mask}`);
  for (const { code, centreLps } of notFound ?? []) {
    note(`no body mask: ${code} at ${centreLps.map(value => value.toFixed(0)).join(', ')} mm LPS`);
  }
  // To be looked at where the analysis is refused for their levels; results of an earlier run are not touched for them.
  if (search && !existsSync(join(paths.out, 'report.json'))) writeResults(paths.out, search.files, inputs);
  const chosen = choose(vertebrae, only, undecided);

  const cut = vertebralBodies(labelmap, chosen);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  hooks.cancel?.addEventListener('abort', () => interrupt.abort());
  const cutFailures = cut.failures.map(failed => ({ ...failed, level: levelOf(chosen, failed.label) }));
  const targets = chosen.filter(({ label }) => !cutFailures.some(failed => failed.label === label));
  hooks.onTargets?.(targets);
  // Measured when the model was opened and once more, when whatever was read and found in between is done.
  const expectedMs = Math.min(evaluationMs, await evaluationTime(network));
  note(expectedTimeLine(expectedMs, manifest, method, { slices, screenBelow }, targets.length));
  const finished = (label: number) => hooks.finished?.get(label);
  const analysed = await analyseStudy(
    localEngine(network, manifest.classifier),
    { volume: ct.volume, bodies: cut.bodies, spec: manifest.patch },
    targets.filter(({ label }) => !finished(label)).map(({ label, level }) => ({ label, level })),
    {
      slices,
      method,
      screenBelow,
      cancel: interrupt.signal,
      onProgress: progressPrinter(terminal.stderr, Date.now, expectedMs),
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
  for (const { level, reason } of study.failures) {
    note(`${level} not analysed: ${reason.code}: ${describeError(reason)}`);
  }
  if (study.analyses.length === 0) {
    if (!study.cancelled) throw new InputError('nothing-analysed');
    note('interrupted before a vertebra was finished; nothing was written');
    return EXIT_INTERRUPTED;
  }
  const sampler = samplerRecord(method, manifest.patch);
  const report = studyReport(study, lesions, {
    model: identity(manifest),
    provider,
    sampler,
    rules,
    slices,
    screenBelow,
    bodyMasks: { source: notFound ? 'automatic' : 'given', notFound: notFound ?? [], unused },
    input,
  });
  const done = study.analyses.map(({ label, level }) => ({ label, level }));
  const masksOrigin = search ? { origin: 'search' as const } : {};
  const { attributionThreshold: threshold, minPixels } = manifest.method;
  const review = unattendedReview(study.analyses, rules, { threshold, minPixels });
  const provenance = {
    model: { ...identity(manifest), name: manifest.name },
    provider,
    sampler,
    threshold: rules.threshold,
    masks: done.map(body => maskRecord({ ...body, ...masksOrigin })),
    notReviewed: unreviewedLevels(review),
  };
  const trackingUid = hooks.uids?.('tracking') ?? newUid;
  const segments = lesions.lesions.map(lesion => ({ lesion, segment: segmentOf(lesion, trackingUid()) }));
  const measured = segments.flatMap(({ lesion, segment }) => {
    const hu = measuredHu(lesion);
    return hu ? [[segment.trackingUid, hu] as const] : [];
  });
  const coverage = study.analyses.map(one => coverageOf(cut.bodies, one, ct.series.slicePositionsMm));
  const state = savedState({ provenance, review, measured: Object.fromEntries(measured), coverage });
  // Vertebrae that were not asked for are named as well.
  const known = vertebrae.map(({ label, level }) => ({
    level,
    coverage: coverage.find(one => one.label === label),
    reason: study.failures.find(one => one.label === label)?.reason,
  }));
  const result: ResultToWrite = {
    series: ct.series,
    provenance,
    labelmap: lesions.labelmap,
    lesions: segments.map(({ segment }) => segment),
    bodies: { labelmap: cut.bodies, vertebrae: done.map(body => ({ ...body, ...masksOrigin })) },
    analysed: done.map(({ level }) => level),
    notAssessed: notAssessedParts(known, segments.length > 0),
  };
  const files = studyFiles(ct, report, { result, state }, formats, hooks.uids);
  writeResults(paths.out, new Map([...(search?.files ?? []), ...files]), inputs);

  if (report.lesions.length === 0) {
    const missing = [formats.has('seg') ? 'lesions.dcm' : '', formats.has('rtstruct') ? 'contours.dcm' : ''];
    note(
      `no lesion in what was analysed${missing.some(Boolean) ? `, so there is no ${missing.filter(Boolean).join(' and no ')}` : ''}`
    );
  }
  if (options.json) {
    terminal.stdout.write(
      `${JSON.stringify({ files: pathsByKind(paths.out, files), ...summary(study), lesions: report.lesions, ...input })}\n`
    );
  } else {
    terminal.stdout.write(
      `${study.analyses.length} vertebrae analysed, ${report.lesions.length} lesions; written to ${paths.out}\n`
    );
  }
  return exitCode(study);
}

/** One segment of the SEG for each lesion. */
function segmentOf({ index, name, level, kind, rawScore, flags, ...lesion }: Lesion3d, trackingUid: string) {
  const { longestAxialMm, perpendicularAxialMm, longestMm } = lesion;
  return {
    index,
    label: name,
    level,
    kind,
    score: rawScore,
    algorithmType: 'AUTOMATIC' as const,
    trackingId: name,
    trackingUid,
    diameters: { longestAxialMm, perpendicularAxialMm, longestMm },
    ...(flags.includes('at-search-edge') ? { atLeast: true } : {}),
  } satisfies LesionToWrite;
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

function methodOptions(manifest: ModelManifest, samplerName: string, threshold?: number): MethodOptions {
  const method = methodOf(manifest, samplerName);
  return threshold === undefined ? method : { ...method, attributionThreshold: threshold };
}

function identity(manifest: ModelManifest) {
  return { id: manifest.id, version: manifest.version, sha256: modelSha256(manifest) };
}

/** Files below what is read are named from there: a report goes where other folders mean nothing. */
function relativeTo(inputs: readonly string[], line: string): string {
  return inputs.reduce((text, input) => text.replaceAll(`${input.replace(/\/+$/, '')}/`, ''), line);
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
function exitCode({ failures, cancelled }: StudyAnalysis): number {
  if (cancelled) return EXIT_INTERRUPTED;
  if (failures.some(({ reason }) => reason.code === 'unexpected')) return EXIT.unexpected;
  return EXIT.ok;
}
