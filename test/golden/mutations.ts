/**
 * `npm run test:mutations`: proves that the golden tests guard every constant of the method. Each constant is changed in a copy of the
 * tree, one at a time, and the golden tests (the case that lives in the repository) must fail. Takes a few minutes of a processor; words
 * after `--` choose the mutations whose text holds one of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const METHOD = 'extensions/vertebra-metastasis/src/core/method';

/** [file, text in it, its replacement]; the text must occur exactly once. */
const MUTATIONS: readonly (readonly [string, string, string])[] = [
  ['schedule.ts', 'BETA_START = 1e-4', 'BETA_START = 1.1e-4'],
  ['schedule.ts', 'BETA_END = 0.02', 'BETA_END = 0.0201'],
  ['schedule.ts', 'TRAIN_STEPS = 1000', 'TRAIN_STEPS = 2000'],
  ['normalise.ts', 'HIGH_FRACTION = 0.995', 'HIGH_FRACTION = 0.99'],
  ['ddim.ts', 'REFERENCE_INVERSION_STEPS = 250', 'REFERENCE_INVERSION_STEPS = 200'],
  ['ddim.ts', 'REFERENCE_RENDER_STEPS = 100', 'REFERENCE_RENDER_STEPS = 125'],
  ['ddim.ts', 'LAST_ALPHA_BAR = 0', 'LAST_ALPHA_BAR = 4.0358e-5'],
  ['ddim.ts', 'CLEAN_ALPHA_BAR = 1', 'CLEAN_ALPHA_BAR = 0.9999'],
  ['ddim.ts', 'value > 1 ? 1 :', 'value > 1.2 ? 1.2 :'],
  ['ddim.ts', 'value < -1 ? -1 :', 'value < 0 ? 0 :'],
  ['latentClassifier.ts', 'LOGIT_LIMIT = 50', 'LOGIT_LIMIT = 40'],
  ['latentClassifier.ts', 'TARGET_PROBABILITY = 1e-5', 'TARGET_PROBABILITY = 1e-4'],
  ['candidates.ts', 'DIFFERENCE_QUANTILE = 0.5', 'DIFFERENCE_QUANTILE = 0.45'],
  ['candidates.ts', 'MIN_PIXELS = 5', 'MIN_PIXELS = 7'],
  ['candidates.ts', 'inside[i] > threshold', 'inside[i] > 0.9 * threshold'],
  ['hideAndSeek.ts', 'SCORE_EPSILON = 1e-8', 'SCORE_EPSILON = 1e-7'],
  ['hideAndSeek.ts', 'ATTRIBUTION_THRESHOLD = 0.5', 'ATTRIBUTION_THRESHOLD = 0.55'],
];

/** The mutations asked for. */
const words = process.argv.slice(2);
const chosen = MUTATIONS.filter(
  mutation => words.length === 0 || words.some(word => mutation.join(' ').includes(word))
);

/** From cheap to dear: most changes show before a candidate is scored, many before the network runs. */
const STAGES = ['without the network|constants', 'edits and proposes', 'the whole'];

const goldenFails = (folder: string) => STAGES.some(stage => stageFails(folder, stage));

/** Whether one of these golden tests fails. A run that breaks off before its tests is no answer. */
function stageFails(folder: string, stage: string): boolean {
  const result = join(folder, 'result.json');
  rmSync(result, { force: true });
  const run = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      '--selectProjects',
      'golden',
      '--runInBand',
      '--bail',
      '--json',
      `--outputFile=${result}`,
      '--testNamePattern',
      stage,
      '--testPathPattern',
      'test/golden/parity',
    ],
    {
      cwd: folder,
      env: { ...process.env, SPINE_SHARED: join(folder, 'absent'), SPINE_GOLDEN: 'staged' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    }
  );
  if (!existsSync(result)) throw new Error(`the golden tests did not run:\n${run.stderr}`);
  const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(result, 'utf8')) as Record<string, number>;
  if (numFailedTests + numPassedTests === 0) throw new Error(`no golden test ran:\n${run.stderr}`);
  return numFailedTests > 0;
}

const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
try {
  for (const part of [
    'conversion',
    'extensions',
    'headless',
    'models/tiny',
    'test',
    'jest.config.cjs',
    'tsconfig.json',
    'package.json',
  ]) {
    cpSync(join(ROOT, part), join(folder, part), {
      recursive: true,
      // What a workspace has of its own under node_modules comes along.
      filter: path => /\/node_modules\//.test(path.slice(ROOT.length)) || !/\/dist$/.test(path),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (goldenFails(folder)) throw new Error('the golden tests fail without any mutation');
  let survivors = 0;
  for (const [file, from, to] of chosen) {
    const path = join(folder, METHOD, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(from).length !== 2) throw new Error(`"${from}" does not occur exactly once in ${file}`);
    writeFileSync(path, source.replace(from, to));
    const caught = goldenFails(folder);
    writeFileSync(path, source);
    if (!caught) survivors++;
    process.stdout.write(`${caught ? 'caught  ' : 'SURVIVED'}  ${file}: ${from} -> ${to}\n`);
  }
  process.stdout.write(`${chosen.length - survivors} of ${chosen.length} mutations caught\n`);
  process.exitCode = survivors > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
