/** `npm run bench`: speed and memory as ratios within one run. Needs `npm run build` for the browser part. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ODE_INVERSION_STEPS, referenceSampler } from '@spine/core';
import { parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../support/shared';
import { batchCost, growthPerRun, memoryOverRuns, screeningSeconds } from './growth';
import { browserSeconds, nodeSeconds, torchSeconds } from './peers';
import { compareRuns, fastSamplers, runSampler } from './sampler';
import { benchSlices } from './slices';

const USAGE = `npm run bench -- [--model models/default] [--slices 8] [--steps 6,8,10,12,16] [--threads 2] [--skip peers,browser,memory] [--json <file>]
Prints Markdown. A part whose peer is not installed is null in the JSON, and said so.`;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const fixed = (value: number | null, digits = 2) => (value === null ? 'null' : value.toFixed(digits));

void runCommand('bench', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    slices: { type: 'string', default: '8' },
    steps: { type: 'string', default: '6,8,10,12,16' },
    threads: { type: 'string', default: '2' },
    skip: { type: 'string', default: '' },
    json: { type: 'string' },
  });
  const threads = wholeNumber(options.threads, 'threads');
  const skip = new Set(options.skip.split(','));
  const say = (text: string) => process.stdout.write(`${text}\n\n`);
  const slices = await benchSlices(wholeNumber(options.slices, 'slices'));
  const { network, manifest } = await loadModelFromFolder(options.model, { threads });
  const { classifier } = manifest;

  const reference = await runSampler(network, classifier, slices, referenceSampler());
  const steps = [...new Set([...options.steps.split(',').map(n => wholeNumber(n, 'steps')), ODE_INVERSION_STEPS])].sort(
    (a, b) => a - b
  );
  const runs = [];
  for (const { label, sampler } of fastSamplers(steps)) {
    const run = await runSampler(network, classifier, slices, sampler);
    runs.push({ run, comparison: compareRuns(label, slices, reference, run) });
  }
  const comparisons = runs.map(({ comparison }) => comparison);
  const { run: chosenRun, comparison: chosen } = runs[steps.indexOf(ODE_INVERSION_STEPS)];
  say(
    `Model ${manifest.id} ${manifest.version}, ${slices.length} slices, Node, ${threads} threads. Reference: 250 + 100 steps. Default: ${chosen.label}.`
  );
  say(
    table(
      [
        'Sampler',
        'Fewer evaluations',
        'Faster',
        'Mask Dice',
        'Same kept',
        'Score difference',
        'Dice with truth (reference, this)',
      ],
      comparisons.map(c => [
        c.label,
        fixed(c.evaluationRatio, 1),
        fixed(c.timeRatio, 1),
        fixed(c.maskDice, 3),
        fixed(c.sameKept, 3),
        fixed(c.scoreDifference, 3),
        c.truthDice.map(d => fixed(d, 3)).join(', '),
      ])
    )
  );

  const referencePerSlice = reference.seconds.reduce((a, b) => a + b, 0) / slices.length;
  const screening = await screeningSeconds(network, classifier, slices[0].patch);
  // "Analysing one vertebra fully" is taken as five slices, as few as anybody would; with every slice of a body the share is smaller still.
  const screeningFraction = screening / (5 * referencePerSlice);
  say(
    `Screening 13 vertebrae of 5 slices: ${fixed(screening)} s, ${fixed(100 * screeningFraction, 2)} % of the reference schedule on 5 slices of one vertebra.`
  );

  const code = await network.encode(slices[0].patch, 1);
  const batches = await batchCost(network, code, [1, 2, 4, 8]);
  say(
    table(
      ['Batch', 'ms per image'],
      batches.map(b => [b.batch, fixed(b.msPerImage, 1)])
    )
  );
  say(
    table(
      ['Candidates in the slice', 'Noise predictions, reference', 'default', 'seconds, reference', 'default'],
      reference.slices.map((slice, i) => [
        slice.candidates.length,
        slice.evaluations.noise,
        chosenRun.slices[i].evaluations.noise,
        fixed(reference.seconds[i], 1),
        fixed(chosenRun.seconds[i], 1),
      ])
    )
  );

  let memory: { megabytesPerAnalysis: number; peak: number } | null = null;
  if (!skip.has('memory')) {
    const resident = await memoryOverRuns(network, classifier, slices[0]);
    memory = { megabytesPerAnalysis: growthPerRun(resident), peak: Math.max(...resident) };
    say(
      `Memory over 20 analyses in a row: ${fixed(memory.megabytesPerAnalysis, 2)} MB more per analysis, at most ${fixed(memory.peak, 0)} MB.`
    );
  }
  await network.dispose();

  const speedup: { nodeVsTorch: number | null; wasmVsTorch: number | null } = { nodeVsTorch: null, wasmVsTorch: null };
  if (!skip.has('peers')) {
    const torch = torchSeconds(threads);
    if ('missing' in torch) say(`PyTorch peer: not measured (${torch.missing})`);
    const node = await nodeSeconds(threads);
    say(`models/tiny, golden slice: Node, default sampler: ${fixed(node)} s.`);
    if (!('missing' in torch)) {
      speedup.nodeVsTorch = torch.seconds / node;
      say(
        `PyTorch, reference schedule: ${fixed(torch.seconds)} s (${torch.evaluations} noise predictions); Node is ${fixed(speedup.nodeVsTorch, 1)} times faster.`
      );
    }
    if (skip.has('browser') || !existsSync(join(ROOT, 'extensions/vertebra-metastasis/dist/worker.js'))) {
      say('Chromium: not measured (run `npm run build` first).');
    } else {
      const timings = [await browserSeconds(false), await browserSeconds(true)];
      say(
        table(
          ['Chromium', 'threads', 'slice s', 'first result, cold cache s', 'warm cache s'],
          timings.map(r => [r.provider, r.threads, fixed(r.slice), fixed(r.coldCache), fixed(r.warmCache)])
        )
      );
      if (!('missing' in torch)) {
        speedup.wasmVsTorch = torch.seconds / Math.min(...timings.map(r => r.slice));
        say(
          `Chromium on WebAssembly is ${fixed(speedup.wasmVsTorch, 1)} times faster than PyTorch with the reference schedule.`
        );
      }
    }
  }
  const { evaluationRatio, maskDice, sameKept } = chosen;
  const json = {
    model: manifest.id,
    slices: slices.length,
    sampler: { evaluationRatio, maskDice, sameKept },
    steps: comparisons,
    speedup,
    screeningFraction,
    memory,
    batches,
  };
  const file = options.json ?? join(ROOT, '.cache/bench.json');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(json, undefined, 1)}\n`);
});
