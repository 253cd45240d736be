/** The command lines of `npm run cohort` and `npm run cohort:worker`. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { analyseOptions } from '@spine/headless/analyseOptions';
import { parseOptions, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { notReadable } from '@spine/headless/dicomFiles';
import { parseProvider, providerText } from '@spine/headless/nodeProvider';

export const USAGE = `npm run cohort -- (--dicom <folder> | --dicomweb <url>) [--to <folder> | --to dicomweb]
  analyses every study: takes the CT series that shows the spine best, says why the others are passed over, and stores
  SEG, SR and report once for each series, model and settings. Running it again does only what is new.
  [--query PatientID=4711]           DICOMweb: which studies (QIDO keys; may be given several times), e.g. StudyDate=20260101-
  [--to <folder> | dicomweb]         where results go; default: back into the archive with --dicomweb; needed with --dicom
  [--watch]                          goes on with what arrives, until it is interrupted
  [--interval <seconds>]             how often --watch looks; default 30
  [--scheduled <file>]               PatientIDs, one a line: studies of patients with an appointment come before the backlog
  [--queue postgres://user:password@host/database]   the queue in PostgreSQL; needed for workers on several machines
  [--state <folder>]                 the queue in a folder, when there is no --queue; default .cache/cohort
  [--workers <n>]                    computing processes here; default 1; 0 leaves the work to npm run cohort:worker
  [--threads <n>]                    CPU threads of each; default: this machine's, divided among the workers
  [--provider cpu|webgpu|cuda[:<n>],...]   where the networks run; default cpu; cuda:0,cuda:1 gives the workers two cards by turns
  [--memory <megabytes>]             heap limit of each computing process
  [--lease <seconds>]                a worker that is silent for longer has lost its series to another; default 60
  [--model <dir>]                    default: the bundled one
  [--slices all|central|<n>] [--sampler fast|thorough|reference] [--threshold <score>] [--screen-below <p>]   as in npm run analyse
  [--max-thickness <mm>] [--min-images <n>]   which series are taken; default 5 mm and 12 images
  [--authorization-file <file>]      the archive's Authorization header, e.g. "Bearer ..."
  [--port <n>] [--token-file <file>] the page /cohort, /metrics and /healthz on 127.0.0.1; the page needs the token
  [--retry] [--cancel]               puts failed series back into the queue; cancels what waits or runs, and ends
  [--summary <folder>]               writes vertebrae.csv/.parquet, lesions.csv/.parquet, series.csv and report.html, and ends
Exit codes: 0 every chosen series has a result; 3 some failed (listed), or the archive or queue cannot be used;
2 wrong arguments; 130 interrupted. Research use only.`;

export const WORKER_USAGE = `npm run cohort:worker -- --queue postgres://user:password@host/database (--dicomweb <url> | --dicom <folder>) [--to ...]
  takes jobs from the queue until it is interrupted; any number, on any machines. The options are those of npm run cohort.`;

const OPTION_TYPES = {
  dicom: { type: 'string' },
  dicomweb: { type: 'string' },
  to: { type: 'string' },
  query: { type: 'string', multiple: true, default: [] as string[] },
  watch: { type: 'boolean', default: false },
  interval: { type: 'string', default: '30' },
  scheduled: { type: 'string' },
  queue: { type: 'string' },
  state: { type: 'string' },
  workers: { type: 'string', default: '1' },
  threads: { type: 'string' },
  provider: { type: 'string', default: 'cpu' },
  memory: { type: 'string' },
  model: { type: 'string' },
  slices: { type: 'string', default: 'all' },
  sampler: { type: 'string', default: 'fast' },
  threshold: { type: 'string' },
  'screen-below': { type: 'string' },
  lease: { type: 'string', default: '60' },
  'max-thickness': { type: 'string', default: '5' },
  'min-images': { type: 'string', default: '12' },
  'authorization-file': { type: 'string' },
  port: { type: 'string' },
  'token-file': { type: 'string' },
  summary: { type: 'string' },
  retry: { type: 'boolean', default: false },
  cancel: { type: 'boolean', default: false },
} as const;

export interface CohortOptions {
  readonly source: { readonly dicom: string } | { readonly dicomweb: string; readonly query: Record<string, string> };
  readonly to: { readonly folder: string } | 'dicomweb';
  readonly watch: boolean;
  readonly intervalSeconds: number;
  /** PatientIDs whose studies come before the backlog. */
  readonly scheduled: readonly string[];
  /** postgres://... or a folder. */
  readonly queue: string;
  readonly workers: number;
  readonly threads: number;
  /** At least one; worker n computes on number n modulo their count. */
  readonly providers: readonly string[];
  readonly memoryMegabytes?: number;
  readonly model: string;
  readonly leaseSeconds: number;
  /** Arguments of `npm run analyse` that change the result. */
  readonly analysis: readonly string[];
  readonly maxThicknessMm: number;
  readonly minImages: number;
  readonly authorization?: string;
  readonly port?: number;
  readonly token?: string;
  readonly summary?: string;
  readonly retry: boolean;
  readonly cancel: boolean;
}

/** @throws UsageError, InputError 'not-readable' */
export function cohortOptions(argv: readonly string[], root: string): CohortOptions {
  const given = parseOptions(OPTION_TYPES, argv);
  if ((given.dicom === undefined) === (given.dicomweb === undefined)) {
    throw new UsageError('give --dicom <folder> or --dicomweb <url>, one of them');
  }
  if (given.dicom !== undefined && given.query.length > 0) throw new UsageError('--query needs --dicomweb');
  if (given.to === undefined && given.dicom !== undefined) {
    throw new UsageError('--to <folder> is missing: results are not written among the images');
  }
  if (given.to === 'dicomweb' && given.dicomweb === undefined)
    throw new UsageError('--to dicomweb needs --dicomweb <url>');
  if (given.queue !== undefined && !/^postgres(ql)?:\/\//.test(given.queue)) {
    throw new UsageError('--queue: an address such as postgres://user:password@host/database');
  }
  const workers = wholeNumber(given.workers, 'workers', 0);
  const port = given.port === undefined ? undefined : wholeNumber(given.port, 'port', 0);
  if (port !== undefined && given['token-file'] === undefined) {
    throw new UsageError('--port needs --token-file <file>: the page names studies');
  }
  return {
    source:
      given.dicomweb === undefined
        ? { dicom: resolve(given.dicom!) }
        : { dicomweb: given.dicomweb, query: Object.fromEntries(given.query.map(queryPair)) },
    to: given.to === undefined || given.to === 'dicomweb' ? 'dicomweb' : { folder: resolve(given.to) },
    watch: given.watch,
    intervalSeconds: wholeNumber(given.interval, 'interval'),
    scheduled: lines(given.scheduled),
    queue: given.queue ?? resolve(given.state ?? join(root, '.cache/cohort')),
    workers,
    threads:
      given.threads === undefined
        ? Math.max(1, Math.floor(availableParallelism() / Math.max(1, workers)))
        : wholeNumber(given.threads, 'threads'),
    providers: given.provider.split(',').map(text => providerText(parseProvider(text))),
    memoryMegabytes: given.memory === undefined ? undefined : wholeNumber(given.memory, 'memory', 256),
    model: given.model ?? defaultModelFolder(),
    leaseSeconds: wholeNumber(given.lease, 'lease', 5),
    analysis: analysisOf(given),
    maxThicknessMm: wholeNumber(given['max-thickness'], 'max-thickness'),
    minImages: wholeNumber(given['min-images'], 'min-images'),
    authorization: secret(given['authorization-file'], 'authorization-file'),
    port,
    token: secret(given['token-file'], 'token-file'),
    summary: given.summary,
    retry: given.retry,
    cancel: given.cancel,
  };
}

/** Checked here: a wrong value would fail with every series. @throws UsageError */
function analysisOf(given: {
  readonly slices: string;
  readonly sampler: string;
  readonly threshold?: string;
  readonly 'screen-below'?: string;
}): string[] {
  const changed = (['threshold', 'screen-below'] as const).flatMap(name => {
    const value = given[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const analysis = ['--slices', given.slices, '--sampler', given.sampler, ...changed];
  analyseOptions(['--ct', 'x', '--out', 'x', ...analysis]);
  return analysis;
}

function queryPair(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--query ${text}: a key and a value, such as PatientID=4711`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function lines(file: string | undefined): string[] {
  if (file === undefined) return [];
  return [
    ...new Set(
      fileText(file)
        .split(/\r?\n/)
        .map(line => line.trim())
    ),
  ].filter(line => line !== '');
}

/** Secrets come from files: a command line can be read by every user of the machine. */
function secret(file: string | undefined, option: string): string | undefined {
  if (file === undefined) return undefined;
  const text = fileText(file).trim();
  if (text === '') throw new UsageError(`--${option} ${file} is empty`);
  return text;
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw notReadable(file, error);
  }
}
