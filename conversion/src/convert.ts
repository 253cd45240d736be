/** From a checkpoint and its latent classifier to a model folder for the viewer. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import type { LatentClassifierWeights } from '@spine/core';
import { SESSION_KEYS } from '@spine/runtime/session';
import { openWeights, type Weights } from './checkpoint/weights';
import { GRAPHS } from './graphs';
import { type Architecture, parseArchitecture } from './model/architecture';
import type { LatentClassifier } from './model/classifier';
import { checkShapes } from './model/expectedShapes';
import { inferArchitecture } from './model/inferArchitecture';
import {
  checkDescription,
  FILES,
  manifestOf,
  type ModelDescription,
  type Precision,
  sha256OfFile,
} from './model/manifest';
import { conditioningSize } from './model/plan';
import { evaluate, selfTestOf } from './model/selfTest';

export interface Conversion {
  readonly checkpoint: string;
  /** config.json; absent: inferred from the weights' shapes. */
  readonly config?: string;
  readonly classifier: LatentClassifier;
  readonly description: ModelDescription;
  readonly precision: Precision;
  /** The model folder. */
  readonly out: string;
  readonly onStep?: (what: string) => void;
}

/**
 * Writes the four graphs, self-test.json and manifest.json. The files are made and tried in a folder beside `out` first, so a
 * failure leaves `out` as it was; other files in `out` (a model card) stay.
 * @throws CommandError naming the file or option that cannot be used
 */
export async function convertModel(conversion: Conversion): Promise<void> {
  const { checkpoint, classifier, description, precision, out, onStep = () => {} } = conversion;
  checkDescription(description);
  const weights = await openWeights(checkpoint);
  try {
    const architecture = conversion.config
      ? readArchitecture(conversion.config)
      : inferArchitecture(weights.shapes, checkpoint);
    checkShapes(checkpoint, weights.shapes, architecture);
    if (classifier.mean.length !== architecture.style_channels) {
      throw new CommandError(
        'classifier-file',
        `the classifier is for semantic codes of length ${classifier.mean.length}, the network's have ${architecture.style_channels}: they do not belong together`
      );
    }
    await inFolderBeside(out, async folder => {
      const test = await writeTested(folder, weights, architecture, classifier, precision, onStep);
      writeFileSync(join(folder, FILES.selfTest), JSON.stringify(test));
      onStep('manifest');
      const provenance = { ...description.provenance, checkpointSha256: sha256OfFile(checkpoint) };
      const manifest = manifestOf(folder, { ...description, provenance }, architecture, classifier, precision);
      writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    });
  } finally {
    weights.close();
  }
}

function readArchitecture(path: string): Architecture {
  try {
    return parseArchitecture(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('architecture', `${path}: cannot be read as JSON (${(error as Error).message})`);
  }
}

/** Writes the graphs and runs them. Float16 weights are measured against float32 ones, which are written first. */
async function writeTested(
  folder: string,
  weights: Weights,
  architecture: Architecture,
  classifier: LatentClassifierWeights,
  precision: Precision,
  onStep: (what: string) => void
) {
  const sizes = { codeSize: architecture.style_channels, conditioningSize: conditioningSize(architecture) };
  await writeGraphs(folder, weights, architecture, false, onStep);
  onStep('self-test');
  const exact = await evaluate(folder, sizes);
  if (precision === 'float32') return selfTestOf(exact, exact, classifier);
  await writeGraphs(folder, weights, architecture, true, onStep);
  onStep('self-test');
  return selfTestOf(exact, await evaluate(folder, sizes, exact.code), classifier);
}

/** One graph after the other, so that only one is in memory. */
async function writeGraphs(
  folder: string,
  weights: Weights,
  architecture: Architecture,
  halfWeights: boolean,
  onStep: (what: string) => void
): Promise<void> {
  for (const key of SESSION_KEYS) {
    onStep(FILES[key]);
    writeFileSync(join(folder, FILES[key]), await GRAPHS[key](weights, architecture, halfWeights));
  }
}

async function inFolderBeside(out: string, write: (folder: string) => Promise<void>): Promise<void> {
  const target = resolve(out);
  let folder: string | undefined;
  try {
    if (existsSync(target) && existsSync(join(target, 'index.json'))) {
      throw new CommandError(
        'model-folder',
        `${out}: is the list of models, not a folder for one; use ${join(out, '<id>')}`
      );
    }
    mkdirSync(dirname(target), { recursive: true });
    folder = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    await write(folder);
    mkdirSync(target, { recursive: true });
    for (const file of [...Object.values(FILES), 'manifest.json']) renameSync(join(folder, file), join(target, file));
  } catch (error) {
    if (error instanceof CommandError || !(error as NodeJS.ErrnoException).code) throw error;
    throw new CommandError('model-folder', `${out}: cannot be written (${(error as Error).message})`);
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}
