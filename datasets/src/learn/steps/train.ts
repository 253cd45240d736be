/** The networks: trained on from those of another model, or as they are. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { convertModel } from '@spine/conversion/convert';
import { DEFAULT_DESCRIPTION } from '@spine/conversion/model/manifest';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import { CommandError } from '@spine/headless/cli';
import type { ModelManifest } from '@spine/runtime/manifest';
import { changeModel, copyModel, manifestOf } from '../modelFolder';
import { collectionOf, type LearnOptions, modelOf, type StageResult, tableOf } from './options';

const ROOT = resolve(__dirname, '../../../..');
const NO_PYTHON = 127;

/** Leaves a whole model folder: the new networks with the classifier of the model they come from. */
export async function trainStage(options: LearnOptions, again: boolean): Promise<StageResult> {
  const { out, from, steps, batch, device, refit } = options;
  const base = manifestOf(from);
  const model = modelOf(out);
  if (refit) await copyModel(from, model);
  else {
    await train(options, base, again);
    await convertModel({
      checkpoint: join(out, 'run/ema.ckpt'),
      config: join(out, 'config.json'),
      classifier: base.classifier,
      precision: base.precision,
      out: model,
      description: {
        ...DEFAULT_DESCRIPTION,
        id: options.id,
        name: options.id,
        provenance: { source: base.id, createdBy: '' },
      },
    });
  }
  const { checkpointSha256 } = manifestOf(model).provenance;
  await changeModel(model, manifest => ({
    ...manifest,
    ...describe(options, base),
    ...provenance(options, base, checkpointSha256),
  }));
  return {
    result: refit
      ? `the networks of ${base.id} ${base.version} as they are`
      : `${steps} steps of ${batch} on ${device}`,
  };
}

/** Years, days and minutes order versions, and say when. */
const version = () => new Date().toISOString().slice(0, 16).replace('T', '.').replaceAll(/[-:]/g, '.');

function describe({ out, id, refit }: LearnOptions, base: ModelManifest) {
  const count = collectionOf(out).vertebrae.length;
  const learnt = refit ? 'Classifier and score threshold learnt' : 'Learnt';
  return {
    id,
    name: id,
    version: version(),
    patch: base.patch,
    method: base.method,
    licence: base.licence,
    description: `${learnt} from ${count} reviewed vertebrae, on from ${base.id} ${base.version}.`,
    limits: [
      'Labels are those of readers who saw the marks of a model; nobody checked them against a biopsy or a follow-up.',
      // What the first model was trained on is no longer all of it.
      ...base.limits.filter(limit => refit || !limit.startsWith('Trained on')),
    ],
  };
}

const provenance = ({ out, refit }: LearnOptions, base: ModelManifest, checkpointSha256: string) => ({
  provenance: {
    source: `${base.id} ${base.version} and reviewed studies`,
    trainedOn: refit
      ? `networks as ${base.id} ${base.version}; classifier on reviewed studies`
      : 'reviewed studies, after what its first model was trained on',
    createdBy: 'learn 0.2.0',
    reviewedVertebrae: collectionOf(out).vertebrae.length,
    checkpointSha256,
  },
});

async function train(options: LearnOptions, base: ModelManifest, again: boolean): Promise<void> {
  const { out, from, steps, batch, device, seed } = options;
  writeFileSync(join(out, 'config.json'), JSON.stringify(base.architecture));
  const run = join(out, 'run');
  const begun = join(run, 'learn.json');
  const table = createHash('sha256')
    .update(readFileSync(tableOf(out)))
    .digest('hex');
  const settings = JSON.stringify({ from, steps, batch, device, seed, table });
  const same = existsSync(begun) && readFileSync(begun, 'utf8') === settings;
  if (again || !same) rmSync(run, { recursive: true, force: true });
  mkdirSync(run, { recursive: true });
  writeFileSync(begun, settings);
  const start = join(run, 'start.ckpt');
  if (!existsSync(start)) {
    await restoreStoredModel(from);
    await python(options, 'vertebra_dae.recover', ['--model', from, '--out', `${start}.new`]);
    renameSync(`${start}.new`, start);
  }
  const begin = existsSync(join(run, 'training.pt')) ? ['--resume'] : ['--init', start];
  await python(options, 'vertebra_dae.train', [
    ...['--manifest', tableOf(out), '--split', 'train', '--config', join(out, 'config.json'), '--out', run],
    ...[...begin, '--steps', String(steps), '--batch', String(batch), '--device', device, '--seed', String(seed)],
    ...['--lr', '1e-4', '--aux-weight', '0.03', '--cooldown', String(Math.floor(steps / 4))],
  ]);
}

/** @throws CommandError 'training' with the last lines of a failed module */
async function python({ say }: LearnOptions, module: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'training/run.mjs'), module, ...args], {
    // The end of this process, however it comes, closes the pipe, and a training saves and stops.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, SPINE_STOP_WITH_STDIN: '1' },
  });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      last = (last + chunk.toString()).slice(-2000);
      for (const line of chunk.toString().split(/[\r\n]+/)) if (line.trim()) say(`  ${line}`);
    });
  }
  const status = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (status === 0) return;
  if (status === NO_PYTHON) {
    throw new CommandError(
      'training',
      'training the networks needs Python: training/setup.sh makes its environment (above). --refit learns classifier and score threshold without it'
    );
  }
  const ended = last.trim().split('\n').slice(-3).join(' ');
  throw new CommandError('training', `${module} ended with status ${status}: ${ended}`);
}
