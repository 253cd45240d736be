/** Into the list that the panel offers. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerModel } from '@spine/conversion/model/modelIndex';
import { CommandError } from '@spine/headless/cli';
import { learnedCard } from '../card';
import { whyWorse } from '../comparison';
import { manifestOf } from '../modelFolder';
import { comparisonOf } from './compare';
import { collectionOf, type LearnOptions, modelOf, type StageResult } from './options';

export async function registerStage({ out, from, models, id, refit, force }: LearnOptions): Promise<StageResult> {
  const comparison = comparisonOf(out);
  const model = modelOf(out);
  const card = learnedCard(manifestOf(model), manifestOf(from), collectionOf(out), comparison, refit);
  writeFileSync(join(model, 'MODEL_CARD.md'), card);
  if (!comparison.notWorse && !force) {
    return {
      result: '',
      refused: `the new model is not registered: ${whyWorse(comparison)}. It is in ${model}, with its card; --force registers it all the same, and without it the same command begins a new run with what was reviewed since`,
    };
  }
  const target = join(models, id);
  requireOurs(target);
  const former = existsSync(join(target, 'manifest.json')) ? keepFormer(target, out) : '';
  const beside = join(models, `.${id}.part`);
  rmSync(beside, { recursive: true, force: true });
  cpSync(model, beside, { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(beside, target);
  return { result: `${registerModel(target, id, false)} lists ${id} ${manifestOf(target).version}${former}` };
}

/** A version that was in use is not lost. */
function keepFormer(target: string, out: string): string {
  const kept = join(out, 'former', manifestOf(target).version);
  if (!existsSync(kept)) {
    mkdirSync(join(out, 'former'), { recursive: true });
    cpSync(target, kept, { recursive: true });
  }
  return `; the former version is in ${kept}`;
}

/** Another model's folder is not overwritten. */
function requireOurs(target: string): void {
  if (!existsSync(join(target, 'manifest.json'))) return;
  const { createdBy } = manifestOf(target).provenance;
  if (createdBy.startsWith('learn ')) return;
  throw new CommandError('learn', `${target} is another model, made by ${createdBy}; choose an --id that is free`);
}
