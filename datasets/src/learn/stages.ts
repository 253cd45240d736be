/** From the table of reviewed vertebrae to a model that is registered only if it is not worse. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { convertModel } from '@spine/conversion/convert';
import { classifierFromJson } from '@spine/conversion/model/classifier';
import { DEFAULT_DESCRIPTION } from '@spine/conversion/model/manifest';
import { registerModel } from '@spine/conversion/model/modelIndex';
import { type LabelFigures, labelFigures, readLabels, scoreVertebrae } from '@spine/evaluation/labels/evaluateLabels';
import { CommandError } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { type ModelManifest, parseManifest } from '@spine/runtime/manifest';
import { calibratedIntercept } from './calibration';
import { type Collection, collect } from './collect';
import { type Comparison, learnedCard } from './card';

export const STAGES = ['collect', 'train', 'fit', 'convert', 'evaluate', 'register'] as const;
export type Stage = (typeof STAGES)[number];

const ROOT = resolve(__dirname, '../../..');
/** Slices around the middle of each body that are asked for its P(malignant). */
const SLICES = 3;

export interface LearnOptions {
  /** Reviewed studies; for the first stage. */
  readonly dicom?: string;
  readonly out: string;
  /** Folder of the model to begin with, which is also the one in use that the new one is compared with. */
  readonly from: string;
  /** Folder of the models that the panel offers. */
  readonly models: string;
  readonly id: string;
  readonly seed: number;
  readonly device: 'cpu' | 'cuda';
  readonly steps: number;
  readonly batch: number;
  readonly force: boolean;
  readonly say: (line: string) => void;
}

/** Runs the stages that are not done yet, or one alone, again. @throws CommandError */
export async function learn(options: LearnOptions, only?: Stage): Promise<void> {
  mkdirSync(join(options.out, 'stages'), { recursive: true });
  const stages = only ? [only] : STAGES;
  for (const stage of stages) {
    const mark = join(options.out, 'stages', stage);
    if (!only && existsSync(mark)) {
      options.say(`${stage}: done before`);
      continue;
    }
    const started = Date.now();
    const result = await RUN[stage](options);
    writeFileSync(mark, `${new Date().toISOString()} ${result}\n`);
    // What follows of an earlier run belongs to other data.
    for (const later of STAGES.slice(STAGES.indexOf(stage) + 1))
      rmSync(join(options.out, 'stages', later), { force: true });
    options.say(`${stage}: ${result} (${Math.round((Date.now() - started) / 1000)} s)`);
  }
}

const RUN: Readonly<Record<Stage, (options: LearnOptions) => Promise<string>>> = {
  collect: collectStage,
  train: trainStage,
  fit: fitStage,
  convert: convertStage,
  evaluate: evaluateStage,
  register: registerStage,
};

async function collectStage({ dicom, out, seed, say }: LearnOptions): Promise<string> {
  if (!dicom) throw new CommandError('learn', 'the first run needs --dicom <folder>');
  const { vertebrae, leftOut } = collect(dicom, out, seed, (done, total) => say(`collect: folder ${done} of ${total}`));
  const ill = vertebrae.filter(({ malignant }) => malignant).length;
  const patients = new Set(vertebrae.map(({ patient }) => patient)).size;
  return `${vertebrae.length} vertebrae of ${patients} patients, ${ill} with metastases; ${leftOut.length} left out (collection.json says why)`;
}

async function trainStage(options: LearnOptions): Promise<string> {
  const { out, from, steps, batch, device, seed } = options;
  const manifest = manifestOf(from);
  writeFileSync(join(out, 'config.json'), JSON.stringify(manifest.architecture));
  const start = join(out, 'start.ckpt');
  if (!existsSync(start)) await python(options, 'vertebra_dae.recover', ['--model', from, '--out', start]);
  const run = join(out, 'run');
  const resume = existsSync(join(run, 'training.pt'));
  const begin = resume ? ['--resume'] : ['--init', start];
  await python(options, 'vertebra_dae.train', [
    ...[
      '--manifest',
      join(out, 'manifest.csv'),
      '--split',
      'train',
      '--config',
      join(out, 'config.json'),
      '--out',
      run,
    ],
    ...[...begin, '--steps', String(steps), '--batch', String(batch), '--device', device, '--seed', String(seed)],
    ...['--lr', '1e-4', '--aux-weight', '0.03', '--cooldown', String(Math.floor(steps / 4))],
  ]);
  return `${steps} steps of ${batch} on ${device}`;
}

/** The classifier on the new codes: fitted to the training part, its intercept calibrated on the validation part. */
async function fitStage(options: LearnOptions): Promise<string> {
  const { out } = options;
  // The test part is in no file that this stage gives away.
  const [header, ...lines] = readFileSync(join(out, 'manifest.csv'), 'utf8').trimEnd().split('\n');
  const split = header.split(',').indexOf('split');
  const kept = lines.filter(line => line.split(',')[split] !== 'test');
  writeFileSync(join(out, 'manifest.fit.csv'), `${[header, ...kept].join('\n')}\n`);
  await python(options, 'vertebra_dae.fit_classifier', [
    ...['--checkpoint', join(out, 'run/ema.ckpt'), '--manifest', join(out, 'manifest.fit.csv')],
    ...['--test-split', 'validation', '--out', join(out, 'classifier.json'), '--report', join(out, 'classifier.md')],
  ]);
  return 'classifier fitted to the training part';
}

async function convertStage(options: LearnOptions): Promise<string> {
  const { out, from, id } = options;
  const base = manifestOf(from);
  const collection = collectionOf(out);
  const folder = join(out, 'model');
  const classifier = classifierFromJson(join(out, 'classifier.json'));
  const { spacingMm, trainedWidthFraction } = base.patch;
  const { targetProbability, attributionThreshold, skipBelowThresholdBy, rescoreWithin } = base.method;
  const write = (intercept: number) =>
    convertModel({
      checkpoint: join(out, 'run/ema.ckpt'),
      config: join(out, 'config.json'),
      classifier: { ...classifier, intercept },
      precision: base.precision,
      out: folder,
      description: {
        ...DEFAULT_DESCRIPTION,
        ...{ id, name: id, version: version(), targetProbability, attributionThreshold },
        ...{ trainedWidthFraction, skipBelowThresholdBy, rescoreWithin },
        patchSpacingMm: [spacingMm.anteriorPosterior, spacingMm.superiorInferior, spacingMm.leftRight],
        description: `Learnt from ${collection.vertebrae.length} reviewed vertebrae, on from ${base.id} ${base.version}.`,
        licence: base.licence,
        provenance: {
          source: `${base.id} ${base.version} and reviewed studies`,
          createdBy: 'learn 0.1.0',
          reviewedVertebrae: collection.vertebrae.length,
        },
      },
    });
  await write(classifier.intercept);
  const scored = await score(folder, join(out, 'manifest.csv'), 'validation');
  const logits = scored.map(({ probability, malignant }) => ({
    logit: Math.log(probability / (1 - probability)),
    malignant,
  }));
  const shift = calibratedIntercept(logits);
  if (shift === undefined) return 'the validation part has one label only: the intercept stays as fitted';
  await write(classifier.intercept + shift);
  return `intercept shifted by ${shift.toFixed(2)} on ${scored.length} validation vertebrae`;
}

async function evaluateStage({ out, from }: LearnOptions): Promise<string> {
  const table = join(out, 'manifest.csv');
  const [before, after] = [
    labelFigures(await score(from, table, 'test')),
    labelFigures(await score(join(out, 'model'), table, 'test')),
  ];
  const notWorse = after.auc !== null && before.auc !== null && after.auc >= before.auc;
  const comparison: Comparison = { before, after, notWorse };
  writeFileSync(join(out, 'evaluation.json'), `${JSON.stringify(comparison, null, 1)}\n`);
  const shown = (figures: LabelFigures) => (figures.auc === null ? 'undefined' : figures.auc.toFixed(3));
  return `held-out AUC ${shown(after)}, in use ${shown(before)}, ${after.vertebrae} vertebrae of ${after.patients} patients`;
}

async function registerStage({ out, from, models, id, force }: LearnOptions): Promise<string> {
  const comparison = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8')) as Comparison;
  if (!comparison.notWorse && !force) {
    throw new CommandError(
      'worse',
      `the new model is not registered: its held-out AUC (${comparison.after.auc ?? 'undefined'}) is not at least that of the model in use (${comparison.before.auc ?? 'undefined'}); --force registers it all the same`
    );
  }
  const target = join(models, id);
  cpSync(join(out, 'model'), target, { recursive: true });
  writeFileSync(
    join(target, 'MODEL_CARD.md'),
    learnedCard(manifestOf(target), manifestOf(from), collectionOf(out), comparison)
  );
  return `${registerModel(target, id, false)} lists ${id}`;
}

async function score(folder: string, table: string, split: string) {
  const { network, manifest } = await loadModelFromFolder(folder, { threads: 2 });
  try {
    return await scoreVertebrae({ network, classifier: manifest.classifier }, readLabels(table, split), SLICES);
  } finally {
    await network.dispose();
  }
}

const collectionOf = (out: string) => JSON.parse(readFileSync(join(out, 'collection.json'), 'utf8')) as Collection;
const manifestOf = (folder: string): ModelManifest =>
  parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));

/** Years and days order versions, and say when. */
const version = () => new Date().toISOString().slice(0, 10).replaceAll('-', '.');

/** @throws CommandError 'training' with the last lines of a failed module */
async function python({ say }: LearnOptions, module: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'training/run.mjs'), module, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      last = (last + chunk.toString()).slice(-2000);
      for (const line of chunk.toString().split(/[\r\n]+/)) if (line.trim()) say(`  ${line}`);
    });
  }
  const status = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (status !== 0)
    throw new CommandError(
      'training',
      `${module} ended with status ${status}: ${last.trim().split('\n').slice(-3).join(' ')}`
    );
}
