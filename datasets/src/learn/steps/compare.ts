/** Intercept and score threshold from the validation part, and both models on the patients held out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelFigures, readLabels, type ScoredVertebra, scoreVertebrae } from '@spine/evaluation/labels/evaluateLabels';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { calibratedIntercept, chosenThreshold, ENOUGH_REGIONS } from '../calibration';
import { type Compared, type Comparison, notWorse } from '../comparison';
import { changeModel, manifestOf } from '../modelFolder';
import { regionFigures, searchVertebrae } from '../regions';
import { hasRows, type LearnOptions, modelOf, type StageResult, tableOf } from './options';

/** Slices around the middle of each body of which P(malignant) is taken. */
const SLICES = 3;

export async function calibrateStage({ out, say }: LearnOptions): Promise<StageResult> {
  if (!hasRows(out, 'validation')) {
    return { result: 'no patients in the validation part yet: intercept and score threshold stay as they are' };
  }
  const model = modelOf(out);
  const intercept = await calibrateIntercept(model, tableOf(out));
  const searched = await searchVertebrae(model, tableOf(out), 'validation', true, (done, total) =>
    say(`calibrate: vertebra ${done} of ${total}`)
  );
  const { method } = manifestOf(model);
  const choice = chosenThreshold(searched, method);
  await changeModel(model, manifest => ({
    ...manifest,
    method: { ...manifest.method, attributionThreshold: choice.threshold },
  }));
  if (choice.regions < ENOUGH_REGIONS) {
    return {
      result: `${intercept}; the score threshold stays ${choice.threshold}: ${choice.regions} accepted regions in the validation part, ${ENOUGH_REGIONS} are needed to choose one`,
    };
  }
  const kept = choice.threshold === method.attributionThreshold ? 'stays' : 'is now';
  return {
    result: `${intercept}; the score threshold ${kept} ${choice.threshold} (F1 ${number(choice.f1)} on ${choice.regions} accepted regions, ${number(choice.f1Before)} with ${method.attributionThreshold})`,
  };
}

async function calibrateIntercept(model: string, table: string): Promise<string> {
  const scored = await score(model, table, 'validation');
  const shift = calibratedIntercept(
    scored.map(({ probability, malignant }) => ({ logit: Math.log(probability / (1 - probability)), malignant }))
  );
  if (shift === undefined) return 'the validation part has one label only: the intercept stays as fitted';
  await changeModel(model, manifest => ({
    ...manifest,
    classifier: { ...manifest.classifier, intercept: manifest.classifier.intercept + shift },
  }));
  return `intercept shifted by ${shift.toFixed(2)} on ${scored.length} vertebrae`;
}

export async function evaluateStage({ out, inUse, say }: LearnOptions): Promise<StageResult> {
  const of = async (folder: string): Promise<Compared> => {
    const { id, version, method } = manifestOf(folder);
    const some = hasRows(out, 'test');
    const searched = some
      ? await searchVertebrae(folder, tableOf(out), 'test', false, (done, total) =>
          say(`evaluate: ${id}, vertebra ${done} of ${total}`)
        )
      : [];
    const labels = labelFigures(some ? await score(folder, tableOf(out), 'test') : []);
    return { model: `${id} ${version}`, labels, regions: regionFigures(searched, method) };
  };
  const [before, after] = [await of(inUse), await of(modelOf(out))];
  const comparison: Comparison = { before, after, notWorse: notWorse(before, after) };
  writeFileSync(join(out, 'evaluation.json'), `${JSON.stringify(comparison, null, 1)}\n`);
  const { labels, regions } = after;
  return {
    result:
      `held-out AUC ${number(labels.auc)} (in use ${number(before.labels.auc)}), F1 of regions ${number(regions.f1)} ` +
      `(in use ${number(before.regions.f1)}), ${labels.vertebrae} vertebrae of ${labels.patients} patients`,
  };
}

export const comparisonOf = (out: string) =>
  JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8')) as Comparison;

async function score(folder: string, table: string, split: string): Promise<ScoredVertebra[]> {
  const { network, manifest } = await loadModelFromFolder(folder, { threads: 2 });
  try {
    return await scoreVertebrae({ network, classifier: manifest.classifier }, readLabels(table, split), SLICES);
  } finally {
    await network.dispose();
  }
}

const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
