/** `npm run evaluate:labels`: AUC by vertebra where only labels exist. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseOptions, required, runCommand, wholeNumber } from '@spine/headless/cli';
import { defaultModelFolder } from '@spine/headless/defaultModel';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { table } from '../tables';
import { type LabelFigures, labelFigures, readLabels, scoreVertebrae } from './evaluateLabels';

const USAGE = `npm run evaluate:labels -- --manifest <csv> [--split test] [--model models/default] [--slices 3] [--json <file>] [--threads n]
How well the model's classifier tells vertebrae with lesions from those without, from labels alone (no masks needed, so no Dice):
AUC with a 95 % interval over patients, sensitivity and specificity at P 0.5, all vertebrae and by kind. Research use only.`;

void runCommand('evaluate:labels', USAGE, async argv => {
  const options = parseOptions(
    {
      manifest: { type: 'string' },
      split: { type: 'string' },
      model: { type: 'string' },
      slices: { type: 'string', default: '3' },
      json: { type: 'string' },
      threads: { type: 'string', default: '2' },
    },
    argv
  );
  const path = (given: string) => resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const vertebrae = readLabels(path(required(options.manifest, 'manifest')), options.split);
  const { manifest, network } = await loadModelFromFolder(options.model ? path(options.model) : defaultModelFolder(), {
    threads: wholeNumber(options.threads, 'threads'),
  });
  const scored = await scoreVertebrae(
    { network, classifier: manifest.classifier },
    vertebrae,
    wholeNumber(options.slices, 'slices'),
    done => process.stderr.write(`\rvertebra ${done} of ${vertebrae.length} `)
  );
  await network.dispose();
  const healthy = scored.filter(({ malignant }) => !malignant);
  const kinds = [...new Set(scored.filter(({ malignant }) => malignant).map(vertebra => vertebra.kinds))].sort();
  const groups: Record<string, LabelFigures> = { all: labelFigures(scored) };
  for (const kind of kinds) {
    groups[kind || 'kind not named'] = labelFigures([
      ...scored.filter(v => v.malignant && v.kinds === kind),
      ...healthy,
    ]);
  }
  const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
  const header = ['Vertebrae', 'With lesions', 'Healthy', 'Patients', 'AUC (95 %)', 'Sensitivity', 'Specificity'];
  const rows = Object.entries(groups).map(([name, f]) => [
    ...[name, String(f.malignant), String(f.vertebrae - f.malignant), String(f.patients)],
    `${number(f.auc)}${f.interval ? ` (${f.interval.map(number).join('-')})` : ''}`,
    ...[number(f.sensitivity), number(f.specificity)],
  ]);
  process.stdout.write(
    `\n${manifest.id} ${manifest.version}, split ${options.split ?? 'all'}\n\n${table(header, rows)}\n`
  );
  if (options.json)
    writeFileSync(
      path(options.json),
      `${JSON.stringify({ model: manifest.id, groups, scored: scored.map(({ patient, level, malignant, probability }) => ({ patient, level, malignant, probability })) }, null, 1)}\n`
    );
});
