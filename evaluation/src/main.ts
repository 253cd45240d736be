/** `npm run evaluate`: the shipped method and its baselines on a manifest with truth; prints and writes the tables of a model card. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LesionKind, MethodOptions } from '@spine/core';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';
import { type BenchmarkName, benchmarkManifest, BENCHMARKS, realFolder } from './benchmark';
import { type Ceilings, ceilings, ceilingRows } from './ceilings';
import { contactSheet } from './contactSheet';
import { evaluate, evaluateSlice } from './evaluate';
import type { ModelUnderTest } from './modelUnderTest';
import type { EvaluatedSlice } from './evaluate';
import { readManifest } from './manifest';
import { type KindFigures, sliceAuc } from './metrics';
import { describeSettings, unsupportedRegions } from './settings';
import { figuresByMethod, falsePositiveTable, largeFigures, lesionTable, mainTable, PAPER } from './tables';
import { sizeTable, subgroupTable, table } from './tables';
import { volumes, type Volumes } from './volumes';

const USAGE = `npm run evaluate -- [--model models/default] [--manifest m.csv [--split test]] [--real <dir>] [--out <dir>] [--json <file>]
  [--benchmark fresh|first] [--slices n|all] [--sampler fast|thorough|reference] [--screen-below 0.5] [--target p] [--threshold s] [--limit n] [--threads n]
  [--volumes 24] [--ceilings] [--supervised <json of training/supervised_ceiling.py>]
Volumes: so many malignant vertebrae, spread evenly, are analysed whole (0: none).
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
    volumes: { type: 'string', default: '24' },
    ceilings: { type: 'boolean', default: false },
    supervised: { type: 'string' },
    threads: { type: 'string', default: '2' },
  });
  // A mistyped option must not cost a run of half an hour.
  const wholeVertebrae = options.volumes === '0' ? 0 : wholeNumber(options.volumes, 'volumes');
  const supervised = options.supervised ? readSupervised(options.supervised) : undefined;
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
  const model = { network, classifier: manifest.classifier, spec: manifest.patch };
  const screenBelow = fraction(options['screen-below'], 'screen-below');
  const ill = spread(
    cases.filter(({ malignant }) => malignant),
    wholeVertebrae
  );
  const whole =
    ill.length > 0
      ? await volumes(model, ill, { method, screenBelow }, done =>
          process.stderr.write(`\rwhole vertebra ${done} of ${ill.length} `)
        )
      : null;
  const limits = options.ceilings ? await ceilingsOf(model, kept, method) : undefined;
  await network.dispose();

  const sources = [...new Set(cases.map(c => c.source))].sort();
  const figures = figuresByMethod(outcomes);
  const unsupported = manifest.patch.screening?.network
    ? kept.reduce((sum, { attribution }) => sum + unsupportedRegions(attribution?.candidates ?? [], method), 0)
    : null;
  const markdown = [
    `Model ${manifest.id} ${manifest.version}, ${describeSettings(method, manifest.patch)}; healthy edit to P = ${method.targetProbability}, threshold ${method.attributionThreshold}; ${cases.length} vertebrae of ${new Set(cases.map(c => c.patient)).size} patients, ${outcomes.method.length} slices, ${evaluations} noise predictions.${unsupportedText(unsupported)}`,
    options.manifest
      ? `Manifest ${options.manifest}.`
      : `Benchmark test split; sources: ${sources.join(', ')}${real ? '' : ' (no real CT was at hand)'}.`,
    `Intervals: 95 %, bootstrap over patients. Paper, on its own data: F1 ${PAPER.blastic.f1} blastic, ${PAPER.lytic.f1} lytic; Dice ${PAPER.blastic.dice} and ${PAPER.lytic.dice}.`,
    mainTable(outcomes),
    falsePositiveTable(outcomes),
    lesionTable(outcomes.method),
    ...(whole ? [volumeTable(whole)] : []),
    ...(limits ? [ceilingTable(limits, supervised)] : []),
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
    screening: manifest.patch.screening ?? null,
    unsupportedRegions: unsupported,
    split: options.manifest ?? `${options.benchmark} (seed ${BENCHMARKS[benchmarkName(options.benchmark)].seed})`,
    sources,
    slices: outcomes.method.length,
    ...figures,
    method: figures.method && {
      ...figures.method,
      sliceAuc: sliceAuc(outcomes.method),
      large: largeFigures(outcomes.method),
      volumes: whole,
    },
    supervised: supervised ?? null,
    ceilings: limits ?? null,
  };
  writeFileSync(options.json ?? join(out, 'evaluation.json'), `${JSON.stringify(json, undefined, 1)}\n`);
  writeSheets(out, kept);
  process.stderr.write(`tables and contact sheets are in ${out}\n`);
});

/** @param regions null for a model without a screening network */
const unsupportedText = (regions: number | null): string =>
  regions === null ? '' : ` The screening network kept ${regions} regions from counting.`;

type Supervised = Readonly<Record<LesionKind, Pick<KindFigures, 'f1' | 'dice'>>>;

function readSupervised(path: string): Supervised {
  return JSON.parse(readFileSync(path, 'utf8')) as Supervised;
}

/** Slices with a lesion that screening left out get their candidates too; none is scored. */
async function ceilingsOf(
  model: ModelUnderTest,
  kept: readonly EvaluatedSlice[],
  method: MethodOptions
): Promise<Ceilings> {
  const shows = ({ slice }: EvaluatedSlice) => [slice.truth.lytic, slice.truth.blastic].some(mask => mask.includes(1));
  const proposing = { ...method, skipBelowThresholdBy: -Infinity, refineOutlines: false, leastKindLogit: undefined };
  const slices: EvaluatedSlice[] = [];
  for (const evaluated of kept) {
    if (shows(evaluated)) slices.push(await evaluateSlice(model, evaluated, { method: proposing, screenBelow: 0 }));
  }
  return ceilings(slices);
}

function ceilingTable(limits: Ceilings, supervised?: Supervised): string {
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  const rows = ceilingRows(limits);
  if (supervised)
    rows.push([
      'supervised U-Net, trained on the true masks of other phantoms',
      ...(['blastic', 'lytic'] as const).flatMap(kind => [supervised[kind].f1, supervised[kind].dice].map(number)),
    ]);
  return table(['Ceiling', 'F1 blastic', 'Dice blastic', 'F1 lytic', 'Dice lytic'], rows);
}

function volumeTable(whole: Volumes): string {
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  const rows = (['blastic', 'lytic'] as const).map(kind => {
    const { f1, dice, trueMl, volumeErrorMl, lesions, vertebrae } = whole[kind];
    return [kind, ...[f1, dice, trueMl, volumeErrorMl].map(number), String(lesions), String(vertebrae)];
  });
  const head = ['Whole vertebrae', 'F1', 'Dice', 'True ml', 'Error ml', 'Lesions', 'Vertebrae'];
  return `${table(head, rows)}\n\nLesions in three dimensions over all slices that the model knows, ${whole.analysed} malignant vertebrae.`;
}

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
