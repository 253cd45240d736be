/** `npm run evaluate`: the shipped method and its baselines on a manifest with truth; prints and writes the tables of a model card. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';
import { type BenchmarkName, benchmarkManifest, BENCHMARKS, realFolder } from './benchmark';
import { contactSheet } from './contactSheet';
import { evaluate } from './evaluate';
import type { EvaluatedSlice } from './evaluate';
import { readManifest } from './manifest';
import { figuresByMethod, falsePositiveTable, mainTable, PAPER, sizeTable, subgroupTable } from './tables';

const USAGE = `npm run evaluate -- [--model models/default] [--manifest m.csv [--split test]] [--real <dir>] [--out <dir>] [--json <file>]
  [--benchmark fresh|first] [--slices n|all] [--sampler fast|thorough|reference] [--screen-below 0.5] [--target p] [--threshold s] [--limit n] [--threads n]
Target of the healthy edit and threshold: the model's own, unless given.
Without --manifest the benchmark's fixed test split is built once into .cache (lesions inserted into real vertebrae only where
../shared/ct or --real is there). Research use only.`;

const ROOT = resolve(__dirname, '../..');
const SHEET_ROWS = 24;

function sliceChoice(text: string): number | 'all' {
  return text === 'all' ? 'all' : wholeNumber(text, 'slices');
}

function fraction(text: string, option: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new UsageError(`--${option} ${text}: a number from 0 to 1`);
  return value;
}

function benchmarkName(text: string): BenchmarkName {
  if (text === 'first' || text === 'fresh') return text;
  throw new UsageError(`--benchmark ${text}: use fresh or first`);
}

void runCommand('evaluate', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: defaultModelFolder() },
    manifest: { type: 'string' },
    split: { type: 'string' },
    benchmark: { type: 'string', default: 'fresh' },
    real: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'string' },
    slices: { type: 'string', default: '1' },
    sampler: { type: 'string', default: 'fast' },
    'screen-below': { type: 'string', default: '0.5' },
    target: { type: 'string' },
    threshold: { type: 'string' },
    limit: { type: 'string' },
    threads: { type: 'string', default: '2' },
  });
  const real = realFolder(options.real);
  const manifestPath =
    options.manifest ?? benchmarkManifest(join(ROOT, '.cache'), real, benchmarkName(options.benchmark));
  const every = readManifest(manifestPath, options.split);
  const cases = options.limit ? spread(every, wholeNumber(options.limit, 'limit')) : every;
  const { manifest, network } = await loadModelFromFolder(options.model, {
    threads: wholeNumber(options.threads, 'threads'),
  });
  const out = options.out ?? join(ROOT, '.cache/evaluation', manifest.id);
  mkdirSync(out, { recursive: true });

  const own = methodOf(manifest, options.sampler);
  const { sampler, targetProbability, attributionThreshold } = own;
  const method = {
    ...own,
    targetProbability: options.target === undefined ? targetProbability : fraction(options.target, 'target'),
    attributionThreshold:
      options.threshold === undefined ? attributionThreshold : fraction(options.threshold, 'threshold'),
  };
  const kept: EvaluatedSlice[] = [];
  let evaluations = 0;
  const start = Date.now();
  const outcomes = await evaluate({ network, classifier: manifest.classifier, spec: manifest.patch }, cases, {
    method,
    slices: sliceChoice(options.slices),
    screenBelow: fraction(options['screen-below'], 'screen-below'),
    onSlice: (evaluated, { done, all }) => {
      kept.push(evaluated);
      evaluations += evaluated.attribution?.evaluations.noise ?? 0;
      process.stderr.write(`\rvertebra ${done} of ${all}, ${Math.round((Date.now() - start) / 1000)} s `);
    },
  });
  process.stderr.write('\n');
  await network.dispose();

  const sources = [...new Set(cases.map(c => c.source))].sort();
  const figures = figuresByMethod(outcomes);
  const markdown = [
    `Model ${manifest.id} ${manifest.version}, sampler ${sampler.id}, healthy edit to P = ${method.targetProbability}, threshold ${method.attributionThreshold}; ${cases.length} vertebrae of ${new Set(cases.map(c => c.patient)).size} patients, ${outcomes.method.length} slices, ${evaluations} noise predictions.`,
    options.manifest
      ? `Manifest ${options.manifest}.`
      : `Benchmark test split; sources: ${sources.join(', ')}${real ? '' : ' (no real CT was at hand)'}.`,
    `Intervals: 95 %, bootstrap over patients. Paper, on its own data: F1 ${PAPER.blastic.f1} blastic, ${PAPER.lytic.f1} lytic; Dice ${PAPER.blastic.dice} and ${PAPER.lytic.dice}.`,
    mainTable(outcomes),
    falsePositiveTable(outcomes),
    subgroupTable(outcomes.method),
    sizeTable(outcomes.method),
    'Research use only. Vertebral bodies only, slice by slice.',
  ].join('\n\n');
  process.stdout.write(`${markdown}\n`);
  writeFileSync(join(out, 'evaluation.md'), `${markdown}\n`);
  const json = {
    researchUseOnly: true,
    model: { id: manifest.id, version: manifest.version },
    sampler: sampler.id,
    split: options.manifest ?? `${options.benchmark} (seed ${BENCHMARKS[benchmarkName(options.benchmark)].seed})`,
    sources,
    slices: outcomes.method.length,
    ...figures,
  };
  writeFileSync(options.json ?? join(out, 'evaluation.json'), `${JSON.stringify(json, undefined, 1)}\n`);
  writeSheets(out, kept);
  process.stderr.write(`tables and contact sheets are in ${out}\n`);
});

/** `count` items spread evenly over a list. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (count >= items.length) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]);
}

/** Contact sheets of lesions, of healthy vertebrae, and of the failures. */
function writeSheets(out: string, slices: readonly EvaluatedSlice[]): void {
  const has = (mask: Uint8Array) => mask.some(value => value > 0);
  const shows = ({ predictions }: EvaluatedSlice) =>
    Boolean(predictions.method && (has(predictions.method.lytic) || has(predictions.method.blastic)));
  const diseased = ({ slice }: EvaluatedSlice) => has(slice.truth.lytic) || has(slice.truth.blastic);
  const sheets: Record<string, EvaluatedSlice[]> = {
    lesions: slices.filter(diseased),
    missed: slices.filter(s => diseased(s) && !shows(s)),
    'false-regions': slices.filter(s => !diseased(s) && shows(s)),
    healthy: slices.filter(s => !diseased(s)),
  };
  for (const [name, part] of Object.entries(sheets)) {
    if (part.length > 0) writeFileSync(join(out, `${name}.png`), contactSheet(spread(part, SHEET_ROWS)));
  }
}
