/** `npm run bench`: speed and memory as ratios within one run. Needs `npm run build` for the browser part. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLER_IDS } from '@spine/core';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { CPU, parseProvider, providerText } from '@spine/headless/nodeProvider';
import { manifestOf } from '../../datasets/src/learn/modelFolder';
import { ROOT } from '../support/shared';
import { benchPublished, publishedInBrowser } from './published';
import { benchRoofline } from './roofline';
import { benchSlices } from './slices';
import { studySet } from './vertebra/studySet';
import { studyText, vertebraSummary, writeStudy } from './vertebra/summary';
import { benchVertebra } from './vertebra/bench';

const PARTS = ['slices', 'roofline', 'study', 'vertebra', 'published'] as const;

const USAGE = `npm run bench -- [--parts ${PARTS.join(',')}] [--model models/default] [--threads 2] [--json <file>]
Prints Markdown. What is not measured, as its peer is not installed or its part was not asked for, is null in the JSON, and said so.
  slices (default)   [--slices 8|stored] [--samplers fast,thorough,ode] [--peer-slices 3] [--skip peers,browser,memory]
                     against the reference schedule on suspicious slices of the benchmark's test split: the first of a fixed random
                     order, or those that \`npm run bench:reference\` has run already
  roofline           [--provider cpu] share of the device's peak, a product of matrices in the same run, that evaluations reach
  study              [--vertebrae 24] evaluations, masks and volumes of whole vertebrae, as \`npm run study:vertebra\` (an hour, unless kept)
  vertebra           [--samplers fast] [--least-slices 3] [--skip browser] a whole vertebra in Node, Chromium and PyTorch (minutes)
  published          [--provider cpu] the published architecture (random weights, made on the fly): milliseconds, memory, share of the peak;
                     memory and times in Chromium are those that \`npm run test:published\` found last
Parts that are run alone leave the others' figures of the same model in the JSON as they are.`;

/** Vertebrae whose left-out slices are run, to count their candidates. */
const EDIT_LEFT_OUT = 2;

const say = (text: string) => process.stdout.write(`${text}\n\n`);

void runCommand('bench', USAGE, async () => {
  const options = parseOptions({
    parts: { type: 'string', default: 'slices' },
    model: { type: 'string', default: join(ROOT, 'models/default') },
    slices: { type: 'string', default: '8' },
    samplers: { type: 'string' },
    threads: { type: 'string', default: '2' },
    provider: { type: 'string', default: providerText(CPU) },
    'peer-slices': { type: 'string', default: '3' },
    vertebrae: { type: 'string', default: '24' },
    'least-slices': { type: 'string', default: '3' },
    skip: { type: 'string', default: '' },
    json: { type: 'string' },
  });
  const parts = new Set(options.parts.split(','));
  const odd = [...parts].filter(part => !PARTS.some(one => one === part));
  if (odd.length > 0) throw new UsageError(`--parts ${odd.join()}: ${PARTS.join(', ')}`);
  const threads = wholeNumber(options.threads, 'threads');
  const provider = parseProvider(options.provider);
  const skip = new Set(options.skip.split(','));
  const samplers = (options.samplers ?? (parts.has('slices') ? 'fast,thorough,ode' : 'fast')).split(',');
  const unknown = samplers.filter(name => !SAMPLER_IDS.some(id => id === name));
  if (unknown.length > 0) throw new UsageError(`--samplers ${unknown.join()}: ${SAMPLER_IDS.join(', ')}`);
  if (parts.has('slices') && samplers[0] !== 'fast') throw new UsageError(`--samplers ${samplers.join()}: fast first`);

  const cache = join(ROOT, '.cache');
  const file = options.json ?? join(cache, 'bench.json');
  const manifest = manifestOf(options.model);
  const model = `${manifest.id} ${manifest.version}`;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : undefined;
  const figures: Figures = { ...(before?.model === model ? before : {}), model };

  if (parts.has('slices')) {
    const slices = options.slices === 'stored' ? 'stored' : wholeNumber(options.slices, 'slices');
    const peerSlices = wholeNumber(options['peer-slices'], 'peer-slices');
    const found = await benchSlices({ model: options.model, slices, samplers, threads, peerSlices, skip }, cache, say);
    Object.assign(figures, found, { speedup: { ...figures.speedup, ...found.speedup } });
  }
  if (parts.has('roofline')) figures.roofline = await benchRoofline(options.model, threads, provider, say);
  if (parts.has('study')) {
    const wish = { set: 'test', samplers: ['fast'], wanted: wholeNumber(options.vertebrae, 'vertebrae') } as const;
    const opened = await loadModelFromFolder(options.model, { threads });
    const study = await studySet(opened, cache, { ...wish, editLeftOut: EDIT_LEFT_OUT }, line => say(line));
    await opened.network.dispose();
    say(studyText(study));
    writeStudy(cache, study);
  }
  if (parts.has('vertebra')) {
    const leastSlices = wholeNumber(options['least-slices'], 'least-slices');
    const [sampler] = samplers;
    const browser = !skip.has('browser');
    const found = await benchVertebra({ model: options.model, sampler, leastSlices, threads, browser }, cache, say);
    figures.wholeVertebra = found.rows;
    figures.speedup = { ...figures.speedup, ...found.speedup };
  }
  if (parts.has('published')) figures.published = await benchPublished(threads, options.provider, cache, say);
  figures.speedup = {
    ...{ nodeVsTorchVertebra: null, wasmVsTorchVertebra: null, nodeVsTorchSearched: null, wasmVsTorchSearched: null },
    ...figures.speedup,
  };
  figures.published ??= publishedInBrowser(cache);
  figures.vertebra = vertebraSummary(cache, manifest);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, undefined, 1)}\n`);
});

/** The bench's JSON; parts that were never run are missing, or null where a reader asks for them. */
interface Figures {
  readonly model: string;
  speedup?: object;
  roofline?: unknown;
  wholeVertebra?: unknown;
  published?: unknown;
  vertebra?: unknown;
}
