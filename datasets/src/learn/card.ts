/** The card of a model learnt from reviewed studies. No name, identifier or date of a patient is in what it is made from. */
import type { KindFigures } from '@spine/evaluation/metrics';
import type { ModelManifest } from '@spine/runtime/manifest';
import type { Collection } from './collect';
import type { Compared, Comparison } from './comparison';

export function learnedCard(
  model: ModelManifest,
  base: ModelManifest,
  { vertebrae }: Collection,
  { before, after }: Comparison,
  refit: boolean
): string {
  const count = (split: string) => {
    const own = vertebrae.filter(vertebra => vertebra.split === split);
    const ill = own.filter(({ malignant }) => malignant).length;
    return `| ${split} | ${new Set(own.map(({ patient }) => patient)).size} | ${own.length} | ${ill} |`;
  };
  const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
  const row = ({ model: name, labels: f }: Compared) =>
    `| ${name} | ${number(f.auc)}${f.interval ? ` (${f.interval.map(number).join('-')})` : ''} | ${number(f.sensitivity)} | ${number(f.specificity)} |`;
  const kind = (f: KindFigures) => `${number(f.f1)} / ${number(f.dice)} (${f.lesions})`;
  const regions = ({ model: name, regions: f }: Compared) =>
    `| ${name} | ${kind(f.lytic)} | ${kind(f.blastic)} | ${number(f.falsePerHealthy)} |`;
  const learnt = refit
    ? `Encoder and decoder are those of ${base.id} ${base.version}; the classifier was fitted to the training part,`
    : `Encoder and decoder were fine-tuned from ${base.id} ${base.version} on the training part, the classifier was fitted to it,`;
  const labels = new Set(vertebrae.filter(({ split }) => split === 'validation').map(({ malignant }) => malignant));
  const calibrated =
    labels.size === 2
      ? 'its intercept was calibrated on the validation part'
      : `its intercept is as fitted, because the validation part has ${labels.size ? 'one label only' : 'no patients'}`;
  const { attributionThreshold } = model.method;
  const threshold =
    attributionThreshold === base.method.attributionThreshold
      ? `is that of ${base.id}`
      : 'was chosen on the validation part';
  return `# ${model.id} ${model.version}

**Research use only. Not a medical device.** Learnt by \`npm run learn\` from vertebrae that radiologists reviewed in this viewer,
starting from ${base.id} ${base.version}. The labels are the radiologists'; they were not checked against biopsy or follow-up.

| part | patients | vertebrae | with metastases |
|---|---|---|---|
${['train', 'validation', 'test'].map(count).join('\n')}

Patients are in one part only, in this and every later run. ${learnt} ${calibrated}; the score threshold
(${attributionThreshold}) ${threshold}. On the test part, P(malignant) by vertebra, with the 95 % interval over patients:

| model | AUC | sensitivity at P 0.5 | specificity |
|---|---|---|---|
${row(before)}
${row(after)}

Regions in the middle slice of each vertebra against those that readers accepted: F1 / Dice (number of lesions), by kind, and
regions shown per vertebra without a metastasis.

| model | lytic | blastic | false regions |
|---|---|---|---|
${regions(before)}
${regions(after)}

Readers saw the marks of the model in use when they reviewed these vertebrae, so labels and regions are biased towards what it
showed. The target of the healthy edit is that of ${base.id}.

Intended use: ${model.intendedUse} Not for diagnosis, treatment, triage, or any statement about a patient.
`;
}
