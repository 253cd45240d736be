/** The classifier on the codes of the training part. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSlices } from '@spine/evaluation/crops';
import { readLabels } from '@spine/evaluation/labels/evaluateLabels';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { changeModel } from '../modelFolder';
import { chooseAndFit, type CodedVertebra } from '../refit';
import { type LearnOptions, modelOf, type StageResult, tableOf } from './options';

export async function fitStage({ out }: LearnOptions): Promise<StageResult> {
  const coded = await codes(modelOf(out), tableOf(out));
  const { classifier, strength, logLoss, auc } = chooseAndFit(coded);
  await changeModel(modelOf(out), manifest => ({
    ...manifest,
    classifier: { ...classifier, coef: [...classifier.coef], mean: [...classifier.mean], scale: [...classifier.scale] },
  }));
  writeFileSync(
    join(out, 'fit.json'),
    `${JSON.stringify({ vertebrae: coded.length, strength, logLoss, auc }, null, 1)}\n`
  );
  return {
    result: `classifier fitted to ${coded.length} vertebrae, C ${strength}, AUC ${auc === null ? 'undefined' : auc.toFixed(3)} over folds of its patients`,
  };
}

/** Of the middle slice of each vertebra, as the authors take it, by the encoder as it is stored. */
async function codes(folder: string, table: string): Promise<CodedVertebra[]> {
  const { network } = await loadModelFromFolder(folder, { threads: 2 });
  const coded: CodedVertebra[] = [];
  try {
    for (const vertebra of readLabels(table, 'train')) {
      const identity = { id: vertebra.image, mimic: '', source: '', sliceThicknessMm: NaN };
      for (const { patch } of await readSlices({ ...vertebra, ...identity }, 1)) {
        const { malignant, patient } = vertebra;
        coded.push({ code: await network.encode(patch, 1), malignant, patient });
      }
    }
  } finally {
    await network.dispose();
  }
  return coded;
}
