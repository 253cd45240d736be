/** Takes jobs one after the other: fetch, analyse, store. A worker can be killed at any moment. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError, type VertebraAnalysis } from '@spine/core';
import { ArchiveRefused, ArchiveUnavailable, type OutputFile, type Source, type Target } from '../archive/archive';
import { isAway, messageOf } from '../queue/database';
import { type Lease, LeaseLost } from '../queue/job';
import type { CohortQueue } from '../queue/queue';
import type { Log } from '../seen/log';
import { summaryOf } from '../summary/summaryOf';
import type { Compute } from './compute';

export interface WorkerOptions {
  readonly name: string;
  readonly queue: CohortQueue;
  readonly source: Source;
  readonly target: Target;
  readonly compute: Compute;
  readonly model: string;
  readonly threads: number;
  /** As in `npm run analyse -- --provider`. */
  readonly provider: string;
  readonly log: Log;
  readonly cancel: AbortSignal;
  /** Ends when nothing waits or runs any more; otherwise goes on until cancelled. */
  readonly untilEmpty: boolean;
  readonly renewMs?: number;
  readonly idleMs?: number;
}

/** A study on which the computing process fails as often as this is not tried again: more tries give the same. */
const MOST_FAULTS = 2;

/** Files that leave the working folder: what a reader or another program can use. */
const KEPT = /\.(dcm|json|nii\.gz|csv)$/;

export async function work(options: WorkerOptions): Promise<void> {
  const { queue, cancel, log, name } = options;
  while (!cancel.aborted) {
    let lease: Lease | undefined;
    try {
      lease = await queue.take(name);
    } catch (error) {
      log.error('queue', { worker: name, reason: messageOf(error) });
    }
    if (lease) await attempt(lease, options);
    else if (options.untilEmpty && (await queue.pending()) === 0) break;
    else await wait(options.idleMs ?? 1000, undefined, { signal: cancel }).catch(() => undefined);
  }
  options.compute.end();
}

async function attempt(lease: Lease, options: WorkerOptions): Promise<void> {
  const { queue, log } = options;
  const about = { worker: options.name, job: lease.key.slice(0, 12), attempt: lease.attempt };
  const started = Date.now();
  log.info('started', about);
  try {
    const outcome = await job(lease, options);
    await queue.finish(lease, outcome.state, { ...outcome, seconds: (Date.now() - started) / 1000 });
    log.info(outcome.state, { ...about, code: outcome.code, seconds: (Date.now() - started) / 1000 });
  } catch (error) {
    if (error instanceof LeaseLost || options.cancel.aborted) {
      log.info('let go', { ...about, reason: messageOf(error) });
      return;
    }
    const code = error instanceof ArchiveUnavailable ? 'archive-unavailable' : 'worker-fault';
    const reason = messageOf(error);
    if (code === 'worker-fault' && lease.attempt >= MOST_FAULTS - 1 && !isAway(error)) {
      await queue.finish(lease, 'failed', { code, reason }).catch(() => undefined);
      log.warn('failed', { ...about, code, reason });
      return;
    }
    const next = await queue.recovery.giveBack(lease, code, messageOf(error)).catch(() => 'retry' as const);
    log.warn(next === 'dead' ? 'failed' : 'again', { ...about, code, reason: messageOf(error) });
  }
}

interface Outcome {
  readonly state: 'done' | 'passed-over' | 'failed';
  readonly code?: string;
  readonly reason?: string;
  readonly summary?: unknown;
}

async function job(lease: Lease, options: WorkerOptions): Promise<Outcome> {
  const { queue, target } = options;
  const reviewed = (await target.existing(lease.study)).filter(
    result =>
      result.reviewed && (result.referencedSeries.length === 0 || result.referencedSeries.includes(lease.series))
  );
  if (reviewed.length > 0) {
    return {
      state: 'passed-over',
      code: 'reviewed',
      reason: 'A reader has reviewed a result of this series; it is left as it is.',
    };
  }
  let outputs: OutputFile[] = await queue.parts.outputs(lease.key);
  if (outputs.length === 0) {
    const computed = await compute(lease, options);
    if (!Array.isArray(computed)) return computed;
    outputs = computed;
    await queue.parts.keepOutputs(lease, outputs);
  }
  await queue.renew(lease);
  try {
    await target.store(lease.study, lease.series, outputs);
  } catch (error) {
    if (error instanceof ArchiveRefused) return { state: 'failed', code: 'archive-refused', reason: error.message };
    throw error;
  }
  const report = outputs.find(({ name }) => name === 'report.json');
  return { state: 'done', summary: report && summaryOf(JSON.parse(Buffer.from(report.bytes).toString('utf8'))) };
}

async function compute(lease: Lease, options: WorkerOptions): Promise<OutputFile[] | Outcome> {
  const { queue, source } = options;
  const folder = await mkdtemp(join(tmpdir(), 'spine-cohort-'));
  const lost = new AbortController();
  const stop = AbortSignal.any([options.cancel, lost.signal]);
  const finished = (await queue.parts.vertebrae(lease.key)).map(({ analysis }) => unpack(analysis));
  const at = { vertebra: undefined as string | undefined, done: finished.length, planned: 0 };
  const renew = () => queue.renew(lease, at).catch((error: unknown) => error instanceof LeaseLost && lost.abort(error));
  const timer = setInterval(renew, options.renewMs ?? Math.min(5000, (1000 * queue.leaseSeconds) / 4));
  if (finished.length > 0) options.log.info('goes on', { job: lease.key.slice(0, 12), vertebrae: finished.length });
  const kept: Promise<unknown>[] = [];
  try {
    const [ct, out] = [join(folder, 'ct'), join(folder, 'out')];
    const masks = lease.masks.map((_, n) => join(folder, `masks-${n}`));
    await mkdir(out);
    const names = new Map<string, string>();
    try {
      const fetched = [[lease.series, ct] as const, ...lease.masks.map((mask, n) => [mask, masks[n]] as const)];
      for (const [series, into] of fetched) {
        for (const [path, name] of await source.fetch(lease.study, series, into)) names.set(path, name);
      }
    } catch (error) {
      if (error instanceof ArchiveRefused || error instanceof InputError) {
        return {
          state: 'failed',
          code: error instanceof InputError ? error.code : 'archive-refused',
          reason: error.message,
        };
      }
      throw error;
    }
    const result = await options.compute.run(
      {
        key: lease.key,
        ct,
        out,
        masks,
        series: lease.series,
        model: options.model,
        threads: options.threads,
        provider: options.provider,
        options: lease.options,
        finished,
      },
      {
        onTargets: count => {
          at.planned = count;
          kept.push(renew());
        },
        onVertebra: analysis => {
          at.done++;
          at.vertebra = analysis.level;
          kept.push(
            queue.parts
              .keepVertebra(lease, analysis.label, pack(analysis))
              .then(renew)
              .catch((error: unknown) => error instanceof LeaseLost && lost.abort(error))
          );
        },
      },
      stop
    );
    await Promise.all(kept);
    if (lost.signal.aborted) throw lost.signal.reason;
    if (result.type === 'crashed') throw new Error(result.reason);
    if (result.type === 'refused') return refusal(result.code, named(result.reason, names, ct));
    const files = result.files.filter(file => KEPT.test(file));
    if (!files.includes('report.json')) return refusal('no-result', named(lastLines(result.said), names, ct));
    return Promise.all(files.map(async name => ({ name, bytes: await readFile(join(out, name)) })));
  } finally {
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A CT without a spine is no failure of a cohort; anything else that cannot be read is. */
function refusal(code: string, reason: string): Outcome {
  return { state: code === 'no-spine' ? 'passed-over' : 'failed', code, reason };
}

/** Files by their names at the source: nobody has seen the copies. @param ct folder of the series */
function named(reason: string, names: ReadonlyMap<string, string>, ct: string): string {
  const whole = [...names].reduce((text, [path, name]) => text.replaceAll(path, name), reason);
  return whole.replaceAll(ct, 'the series');
}

const lastLines = (said: string) => said.trim().split('\n').slice(-3).join(' ');
const pack = (analysis: VertebraAnalysis) => gzipSync(serialize(analysis), { level: 1 });
const unpack = (bytes: Uint8Array) => deserialize(gunzipSync(bytes)) as VertebraAnalysis;
