/** From the table of reviewed vertebrae to a model that is registered only if it is not worse. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import { calibrateStage, evaluateStage } from './steps/compare';
import { fitStage } from './steps/fit';
import { registerStage } from './steps/register';
import { trainStage } from './steps/train';
import type { LearnOptions, StageResult } from './steps/options';
import { collect } from './collect';

export type { LearnOptions } from './steps/options';

export const STAGES = ['collect', 'train', 'fit', 'calibrate', 'evaluate', 'register'] as const;
export type Stage = (typeof STAGES)[number];

const RUN: Readonly<Record<Stage, (options: LearnOptions, again: boolean) => Promise<StageResult>>> = {
  collect: collectStage,
  train: trainStage,
  fit: fitStage,
  calibrate: calibrateStage,
  evaluate: evaluateStage,
  register: registerStage,
};

/** What a stage was done with: when it changes, the stage is done again, and all that follow. */
const settingsOf = (stage: Stage, { from, inUse, refit, steps, batch, device, seed, id }: LearnOptions): string => {
  if (stage === 'train') return JSON.stringify(refit ? { from, refit, id } : { from, steps, batch, device, seed, id });
  return stage === 'evaluate' ? JSON.stringify({ inUse }) : '';
};

interface Mark {
  readonly settings: string;
  readonly result: string;
}

/**
 * Runs the stages that are not done yet, or one alone, again. After the last one the next call begins a new run: with what was
 * reviewed since.
 * @throws CommandError
 */
export async function learn(options: LearnOptions, only?: Stage): Promise<void> {
  const marks = new Marks(options.out);
  if (!only && marks.ended(options.force)) {
    options.say('the last run has ended: a new one begins');
    marks.forget('collect');
  }
  for (const stage of only ? [only] : STAGES) {
    const done = marks.read(stage);
    if (!only && done?.settings === settingsOf(stage, options)) {
      options.say(`${stage}: done before`);
      continue;
    }
    if (only) requireEarlier(only, marks);
    // What follows belongs to other data from here on.
    marks.forget(stage);
    const started = Date.now();
    const { result, refused } = await RUN[stage](options, Boolean(only && done));
    if (refused) {
      marks.refuse();
      throw new CommandError('worse', refused);
    }
    marks.write(stage, { settings: settingsOf(stage, options), result });
    options.say(`${stage}: ${result} (${Math.round((Date.now() - started) / 1000)} s)`);
  }
}

function requireEarlier(stage: Stage, marks: Marks): void {
  const missing = STAGES.slice(0, STAGES.indexOf(stage)).find(one => !marks.read(one));
  if (missing) throw new CommandError('learn', `--stage ${stage}: ${missing} has not been done yet`);
}

async function collectStage({ source, out, seed, say }: LearnOptions): Promise<StageResult> {
  if (!source) throw new CommandError('learn', 'the first stage needs --dicom <folder> or --dicomweb <url>');
  const { vertebrae, leftOut } = await collect(source, out, seed, (done, total) =>
    say(`collect: ${done} of ${total} studies`)
  );
  const of = (split: string) => {
    const own = vertebrae.filter(vertebra => vertebra.split === split);
    return `${split} ${own.length} (${own.filter(({ malignant }) => malignant).length} with metastases)`;
  };
  const patients = new Set(vertebrae.map(({ patient }) => patient)).size;
  return {
    result: `${vertebrae.length} vertebrae of ${patients} patients: ${['train', 'validation', 'test'].map(of).join(', ')}; ${leftOut.length} left out (collection.json says why)`,
  };
}

/** One file for each finished stage; a process that is killed leaves none, or a whole one. */
class Marks {
  private readonly folder: string;

  constructor(out: string) {
    this.folder = join(out, 'stages');
    mkdirSync(out, { recursive: true, mode: 0o700 });
    mkdirSync(this.folder, { recursive: true });
  }

  read(stage: Stage): Mark | undefined {
    const file = join(this.folder, stage);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Mark) : undefined;
  }

  write(stage: Stage, mark: Mark): void {
    const file = join(this.folder, stage);
    writeFileSync(`${file}.new`, `${JSON.stringify(mark)}\n`);
    renameSync(`${file}.new`, file);
  }

  /** Of a stage and all that follow. */
  forget(stage: Stage): void {
    for (const name of [...STAGES.slice(STAGES.indexOf(stage)), 'refused'])
      rmSync(join(this.folder, name), { force: true });
  }

  refuse(): void {
    writeFileSync(join(this.folder, 'refused'), '');
  }

  /** Registered, or refused and not to be registered by force now. */
  ended(force: boolean): boolean {
    return this.read('register') !== undefined || (!force && existsSync(join(this.folder, 'refused')));
  }
}
