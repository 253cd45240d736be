/** `npm run evaluate:ct`: the shipped analysis on whole CTs; prints and writes tables and contact sheets. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SliceChoice } from '@spine/core';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { realFolder } from '../benchmark';
import type { RealSplit } from '@spine/phantoms/real/patients';
import { describeSettings } from '../settings';
import { demoPart } from './demo';
import { healthyPart } from './healthy';
import { lidcPart } from './lidc';
import type { Part } from './part';
import { shippedModel } from './study';
import { t10Part } from './t10';

const USAGE = `npm run evaluate:ct -- [--model <dir>] [--out <dir>] [--json <file>] [--threads n] [--only demo|t10|healthy|lidc] [--real <dir>]
  [--lidc-slices all|central|n] [--healthy-split test|validation|train] [--healthy-only <folder>,...]
The analysis as shipped (all slices, screening, fast sampler, the model's rules) on the demo study with its truth, on the one real
metastatic vertebra slice by slice, on the healthy bodies of the test patients, and on a healthy patient known from training. The real CTs are read from ../shared/ct, $SPINE_SHARED/ct or --real;
a part whose CT is absent is skipped. What is done is written part by part. --lidc-slices saves time: n is every n-th slice. Pictures of real CT are not to be published without their sources' leave. Research use only.`;

const ROOT = resolve(__dirname, '../../..');
const PARTS = ['demo', 't10', 'healthy', 'lidc'] as const;
type PartName = (typeof PARTS)[number];
const REAL_DATA = { t10: 'hide-and-seek-t10', healthy: 'verse-014', lidc: 'lidc-0314' } as const;

void runCommand('evaluate:ct', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: defaultModelFolder() },
    out: { type: 'string' },
    json: { type: 'string' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
    real: { type: 'string' },
    'lidc-slices': { type: 'string', default: 'all' },
    'healthy-split': { type: 'string', default: 'test' },
    'healthy-only': { type: 'string' },
  });
  const chosen = chosenParts(options.only);
  const lidcSlices = sliceChoice(options['lidc-slices']);
  const split = splitOf(options['healthy-split']);
  const real = realFolder(options.real);
  const loaded = await loadModelFromFolder(options.model, { threads: wholeNumber(options.threads, 'threads') });
  const { manifest } = loaded;
  const model = shippedModel(loaded);
  const out = options.out ?? join(ROOT, '.cache/evaluation', manifest.id, 'ct');
  mkdirSync(out, { recursive: true });

  const { sampler, targetProbability, attributionThreshold, minPixels } = model.method;
  const sections = [
    `Model ${manifest.id} ${manifest.version} on whole CTs: ${describeSettings(model.method, model.spec)}; healthy edit to P = ${targetProbability}, threshold ${attributionThreshold}, at least ${minPixels} pixels, slices below P ${model.screenBelow} not searched.`,
  ];
  const json: Record<string, unknown> = {
    researchUseOnly: true,
    model: { id: manifest.id, version: manifest.version },
    sampler: sampler.id,
    targetProbability,
    attributionThreshold,
    minPixels,
    screenBelow: model.screenBelow,
    screening: model.spec.screening ?? null,
  };
  const write = () => {
    const markdown = [...sections, 'Research use only. Vertebral bodies only, slice by slice.'].join('\n\n');
    writeFileSync(join(out, 'ct.md'), `${markdown}\n`);
    writeFileSync(options.json ?? join(out, 'ct.json'), `${JSON.stringify(json, undefined, 1)}\n`);
    return markdown;
  };
  const runPart: Record<PartName, () => Promise<Part>> = {
    demo: () => demoPart(model),
    t10: () => t10Part(model, real ?? ''),
    healthy: () => healthyPart(model, real ?? '', { split, slices: 'all', only: options['healthy-only']?.split(',') }),
    lidc: () => lidcPart(model, real ?? '', lidcSlices),
  };
  for (const name of chosen) {
    const data = name === 'demo' ? undefined : REAL_DATA[name];
    if (data && !(real && existsSync(join(real, data)))) {
      sections.push(`Skipped: ${name}, as the real CT ${data} is not at hand.`);
      json[name] = null;
      continue;
    }
    const start = process.cpuUsage();
    const part = await runPart[name]();
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    sections.push(part.markdown, `Processor time of this part: ${Math.round(seconds)} s.`);
    json[name] = { ...part.json, processorSeconds: seconds };
    for (const [file, png] of Object.entries(part.sheets)) writeFileSync(join(out, `${file}.png`), png);
    // A run that is stopped in a later part keeps what is done.
    write();
  }
  await loaded.network.dispose();
  process.stdout.write(`${write()}\n`);
  process.stderr.write(`tables and contact sheets are in ${out}\n`);
});

function chosenParts(only: string | undefined): readonly PartName[] {
  if (only === undefined) return PARTS;
  const part = PARTS.find(name => name === only);
  if (!part) throw new UsageError(`--only ${only}: use ${PARTS.join(', ')}`);
  return [part];
}

function splitOf(text: string): RealSplit {
  if (text === 'train' || text === 'validation' || text === 'test') return text;
  throw new UsageError(`--healthy-split ${text}: use train, validation or test`);
}

function sliceChoice(text: string): SliceChoice {
  return text === 'all' || text === 'central' ? text : { every: wholeNumber(text, 'lidc-slices') };
}
