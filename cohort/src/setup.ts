/** Puts the parts together as the options say. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseManifest } from '@spine/runtime/manifest';
import { modelSha256 } from '@spine/runtime/modelIdentity';
import { loadModelFromFolder, readModelFile, parseJson } from '@spine/headless/nodeModel';
import { parseProvider } from '@spine/headless/nodeProvider';
import type { Source, Target } from './archive/archive';
import { DicomwebArchive } from './archive/dicomweb';
import { DicomFolder, ResultFolder } from './archive/folder';
import type { CohortOptions } from './options';
import type { PlanOptions } from './plan';
import { messageOf, openDatabase } from './queue/database';
import { CohortQueue } from './queue/queue';
import { jsonLog, type Log } from './seen/log';
import { DEFAULT_RULES } from './select/seriesRules';
import { computeProcess } from './worker/compute';
import { work } from './worker/worker';

export interface Cohort {
  readonly queue: CohortQueue;
  readonly source: Source;
  readonly target: Target;
  readonly log: Log;
  readonly plan: PlanOptions;
}

/** @throws InputError what the model, the queue and the addresses throw */
export async function openCohort(options: CohortOptions, log: Log = jsonLog()): Promise<Cohort> {
  const manifest = parseManifest(
    parseJson(await readModelFile(options.model, 'manifest.json'), join(options.model, 'manifest.json'))
  );
  const model = { id: manifest.id, version: manifest.version, sha256: modelSha256(manifest) };
  const { source, target } = archives(options);
  const queue = await CohortQueue.open(await openDatabase(options.queue), {
    leaseSeconds: options.leaseSeconds,
    onError: error => log.error('queue', { reason: messageOf(error) }),
  });
  const rules = { ...DEFAULT_RULES, maxThicknessMm: options.maxThicknessMm, minImages: options.minImages };
  return { queue, source, target, log, plan: { queue, source, target, model, analysis: options.analysis, rules, log } };
}

function archives(options: CohortOptions): { source: Source; target: Target } {
  if ('dicom' in options.source) {
    if (options.to === 'dicomweb') throw new Error('a folder needs a folder for its results');
    return { source: new DicomFolder(options.source.dicom), target: new ResultFolder(options.to.folder) };
  }
  const { dicomweb, query } = options.source;
  const archive = new DicomwebArchive(dicomweb, { query, authorization: options.authorization });
  return { source: archive, target: options.to === 'dicomweb' ? archive : new ResultFolder(options.to.folder) };
}

/**
 * A card that is not there is said once, before a job is taken; otherwise every study would fail with it.
 * @throws CommandError 'provider-unavailable', InputError what opening a model throws
 */
export async function checkProviders({ model, providers }: CohortOptions): Promise<void> {
  for (const text of new Set(providers)) {
    const provider = parseProvider(text);
    if (provider.name === 'cpu') continue;
    await (await loadModelFromFolder(model, { provider })).network.dispose();
  }
}

export interface Workers {
  readonly ended: Promise<void>;
  /** They stop once nothing waits or runs. */
  finishWhenEmpty(): void;
  stop(): void;
}

export function startWorkers(options: CohortOptions, cohort: Cohort, cancel: AbortSignal): Workers {
  const stop = new AbortController();
  const until = { empty: false };
  const workers = Array.from({ length: options.workers }, (_, n) =>
    work({
      queue: cohort.queue,
      source: cohort.source,
      target: cohort.target,
      log: cohort.log,
      name: `${hostname()}/${process.pid}/${n}`,
      compute: computeProcess({ memoryMegabytes: options.memoryMegabytes }),
      model: options.model,
      threads: options.threads,
      provider: options.providers[n % options.providers.length],
      cancel: AbortSignal.any([cancel, stop.signal]),
      get untilEmpty() {
        return until.empty;
      },
    })
  );
  return {
    ended: Promise.all(workers).then(() => undefined),
    finishWhenEmpty: () => (until.empty = true),
    stop: () => stop.abort(),
  };
}
