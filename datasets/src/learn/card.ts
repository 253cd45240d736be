/** The card of a model learnt from reviewed studies. No name, identifier or date of a patient is in what it is made from. */
import type { LabelFigures } from '@spine/evaluation/labels/evaluateLabels';
import type { ModelManifest } from '@spine/runtime/manifest';
import type { Collection } from './collect';

export interface Comparison {
  readonly before: LabelFigures;
  readonly after: LabelFigures;
  readonly notWorse: boolean;
}

export function learnedCard(
  model: ModelManifest,
  base: ModelManifest,
  { vertebrae }: Collection,
  { before, after }: Comparison
): string {
  const count = (split: string) => {
    const own = vertebrae.filter(vertebra => vertebra.split === split);
    const ill = own.filter(({ malignant }) => malignant).length;
    return `| ${split} | ${new Set(own.map(({ patient }) => patient)).size} | ${own.length} | ${ill} |`;
  };
  const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
  const row = (name: string, f: LabelFigures) =>
    `| ${name} | ${number(f.auc)}${f.interval ? ` (${f.interval.map(number).join('-')})` : ''} | ${number(f.sensitivity)} | ${number(f.specificity)} |`;
  return `# ${model.id} ${model.version}

**Research use only. Not a medical device.** Learnt by \`npm run learn\` from vertebrae that radiologists reviewed in this viewer, on
from ${base.id} ${base.version}. Labels are theirs; nobody checked them against a biopsy or a follow-up.

| part | patients | vertebrae | with metastases |
|---|---|---|---|
${['train', 'validation', 'test'].map(count).join('\n')}

Patients are in one part only, in this and every later run. The classifier was fitted to the training part, its intercept calibrated
on the validation part. On the test part (P(malignant) by vertebra, 95 % interval over patients):

| model | AUC | sensitivity at P 0.5 | specificity |
|---|---|---|---|
${row(`${base.id} ${base.version}`, before)}
${row(`${model.id} ${model.version}`, after)}

Reviewed vertebrae are those that a reader looked at with the model's own marks on them, so these labels lean towards what it showed.
Healthy edit and threshold of regions are those of ${base.id}; they were not calibrated anew.

Intended use: ${model.intendedUse} Not for diagnosis, treatment, triage, or any statement about a patient.
`;
}
