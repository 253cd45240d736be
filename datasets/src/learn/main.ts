import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseOptions, required, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { collect } from './collect';
import { driftPage } from './driftPage';
import { learn, type Stage, STAGES } from './stages';

const MODELS = resolve(__dirname, '../../../models');

const USAGE = `npm run learn -- --dicom <folder> --out <dir>
Learns a model from studies whose review was saved: collects, trains on from a model, fits and calibrates the classifier, compares
both models on patients held out, and registers the new one only if it is not worse (docs/learn.md).
  --dicom <folder>       a folder for each patient or study: CT, vertebra masks and saved results
  --out <dir>            everything it makes; names and key only in <dir>/private. Run again: goes on where it stopped
  [--from default|published|<dir>]   the model to begin with, and to compare with; default: default
  [--id <id>]            of the new model; default learnt
  [--stage ${STAGES.join('|')}]   this stage alone, again
  [--device cpu|cuda] [--steps <n>] [--batch <n>]   default cpu, 300 steps of 16; cuda: 4000 of 128
  [--seed <n>]           of the split of new patients; default 1
  [--force]              registers a model that is worse
  [--report]             no learning: <dir>/drift.html, what readers did with the candidates of each model version
Training needs the Python environment of training/setup.sh. Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 input
that cannot be used, a stage that failed, or a model that is worse. Research use only.`;

void runCommand('learn', USAGE, async argv => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = parseOptions(
    {
      ...{
        dicom: text,
        out: text,
        from: { ...text, default: 'default' },
        id: { ...text, default: 'learnt' },
        stage: text,
      },
      ...{ device: { ...text, default: 'cpu' }, steps: text, batch: text, seed: { ...text, default: '1' } },
      ...{ force: flag, report: flag },
    },
    argv
  );
  const path = (given: string) => resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const out = path(required(options.out, 'out'));
  const dicom = options.dicom && path(options.dicom);
  const seed = wholeNumber(options.seed, 'seed');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (options.report) {
    const { readings } = collect(path(required(options.dicom, 'dicom')), out, seed);
    writeFileSync(join(out, 'drift.html'), driftPage(readings));
    return void process.stdout.write(`${join(out, 'drift.html')}: ${readings.length} saved results\n`);
  }
  const { device, stage } = options;
  if (device !== 'cpu' && device !== 'cuda') throw new UsageError(`--device ${device}: cpu or cuda`);
  if (stage !== undefined && !STAGES.includes(stage as Stage))
    throw new UsageError(`--stage ${stage}: ${STAGES.join(', ')}`);
  const [steps, batch] = device === 'cuda' ? ['4000', '128'] : ['300', '16'];
  const from =
    { default: defaultModelFolder(), published: join(MODELS, 'published') }[options.from] ?? path(options.from);
  await learn(
    {
      ...{ dicom, out, from, models: MODELS, id: options.id, seed, device, force: options.force, say },
      steps: wholeNumber(options.steps ?? steps, 'steps'),
      batch: wholeNumber(options.batch ?? batch, 'batch'),
    },
    stage as Stage | undefined
  );
});
