import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandError, parseOptions, required, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { readingCounts } from './collect';
import { driftPage } from './driftPage';
import { dicomwebSource } from './sources/dicomweb';
import { folderSource } from './sources/folder';
import { learn, type Stage, STAGES } from './stages';

const MODELS = resolve(__dirname, '../../../models');

const USAGE = `npm run learn -- --dicom <folder> | --dicomweb <url> --out <dir>
Learns a model from studies whose review was saved: collects, trains on from a model, fits and calibrates the classifier, compares
both models on patients held out, and registers the new one only if it is not worse (docs/learn.md).
  --dicom <folder>       a folder for each patient or study: CT, vertebra masks and saved results
  --dicomweb <url>       or the archive itself; credentials as user:password in the address, or in $DICOMWEB_AUTHORIZATION
  --out <dir>            everything it makes; names and key only in <dir>/private. Run again: goes on where it stopped
  [--from default|published|<dir>]   the model to begin with; default: the viewer's default model
  [--in-use default|published|<dir>] the model to compare with; default: the viewer's default model
  [--refit]              without Python: the networks stay, classifier and score threshold are learnt; minutes on a CPU
  [--id <id>]            of the new model; default learnt
  [--models <dir>]       the list that it is registered in; default models
  [--stage ${STAGES.join('|')}]   this stage alone, again
  [--device cpu|cuda] [--steps <n>] [--batch <n>]   default cpu, 300 steps of 16; cuda: 4000 of 128
  [--seed <n>]           of the split of new patients; default 1
  [--force]              registers a model that is worse
  [--report]             no learning: <dir>/drift.html, what readers did with the candidates of each model version
Without --refit the Python environment of training/setup.sh is needed. After the last stage the same command begins a new run. Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 input
that cannot be used, a stage that failed, or a model that is worse. Research use only.`;

void runCommand('learn', USAGE, async argv => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = parseOptions(
    {
      dicom: text,
      out: text,
      from: { ...text, default: 'default' },
      id: { ...text, default: 'learnt' },
      stage: text,
      device: { ...text, default: 'cpu' },
      steps: text,
      batch: text,
      seed: { ...text, default: '1' },
      force: flag,
      report: flag,
      refit: flag,
      models: text,
      dicomweb: text,
      'in-use': { ...text, default: 'default' },
    },
    argv
  );
  const path = (given: string) => resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const out = path(required(options.out, 'out'));
  if (options.dicom && options.dicomweb) throw new UsageError('give either --dicom or --dicomweb');
  const source = options.dicomweb
    ? dicomwebSource(options.dicomweb, out, { authorization: process.env.DICOMWEB_AUTHORIZATION })
    : options.dicom
      ? folderSource(path(options.dicom))
      : undefined;
  const seed = wholeNumber(options.seed, 'seed');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (options.report) {
    if (!source) throw new UsageError('--report: --dicom or --dicomweb is missing');
    const archive = await readingCounts(source, (done, total) => say(`report: ${done} of ${total} studies`));
    mkdirSync(out, { recursive: true, mode: 0o700 });
    writeFileSync(join(out, 'drift.html'), driftPage(archive));
    const unread = archive.unread.length ? `; ${archive.unread.length} could not be read, the page says why` : '';
    return void process.stdout.write(`${join(out, 'drift.html')}: ${archive.readings.length} saved results${unread}\n`);
  }
  const { device, stage } = options;
  if (device !== 'cpu' && device !== 'cuda') throw new UsageError(`--device ${device}: cpu or cuda`);
  if (stage !== undefined && !STAGES.includes(stage as Stage))
    throw new UsageError(`--stage ${stage}: ${STAGES.join(', ')}`);
  const [steps, batch] = device === 'cuda' ? ['4000', '128'] : ['300', '16'];
  const modelFolder = (given: string) => {
    const folder =
      given === 'default' ? defaultModelFolder() : given === 'published' ? join(MODELS, given) : path(given);
    if (existsSync(join(folder, 'manifest.json'))) return folder;
    const how = given === 'published' ? '; npm run models:published fetches it' : '';
    throw new CommandError('learn', `${folder}: is no model folder (it has no manifest.json)${how}`);
  };
  const from = modelFolder(options.from);
  await learn(
    {
      source,
      out,
      from,
      models: options.models ? path(options.models) : MODELS,
      id: options.id,
      seed,
      device,
      force: options.force,
      say,
      inUse: modelFolder(options['in-use']),
      refit: options.refit,
      steps: wholeNumber(options.steps ?? steps, 'steps'),
      batch: wholeNumber(options.batch ?? batch, 'batch'),
    },
    stage as Stage | undefined
  );
});
