import { resolve } from 'node:path';
import { parseOptions, required, runCommand, wholeNumber } from '@spine/headless/cli';
import { buildSpineMets } from './build';

const USAGE = `npm run datasets:spine-mets -- --dicom <folder> --clinical <xlsx> --out <dir>
Makes a table of vertebrae for training and evaluation out of the public collection Spine-Mets-CT-SEG (docs/spine-mets.md).
  --dicom <folder>       Spine-Mets-CT-SEG/<Case>/<study>/<series>/*.dcm, or the folder that holds it
  --clinical <file>      Spine-Mets-CT-SEG_Clinical.xlsx
  --out <dir>            gets images/, masks/, manifest.csv, report.md, report.json and contact sheets
  [--seed <n>]           of the split by patient, 70/15/15; default 1
  [--without-flagged]    leaves out vertebrae whose comments name a fracture or hardware
Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 input that cannot be used. Research use only.`;

void runCommand('datasets:spine-mets', USAGE, async argv => {
  const options = parseOptions(
    {
      dicom: { type: 'string' },
      clinical: { type: 'string' },
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'without-flagged': { type: 'boolean', default: false },
    },
    argv
  );
  const path = (value: string | undefined, option: string) =>
    resolve(process.env.INIT_CWD ?? process.cwd(), required(value, option));
  const out = path(options.out, 'out');
  const { vertebrae, leftOut } = await buildSpineMets({
    dicom: path(options.dicom, 'dicom'),
    clinical: path(options.clinical, 'clinical'),
    out,
    seed: wholeNumber(options.seed, 'seed'),
    withoutFlagged: options['without-flagged'],
    onCase: (done, total, id) => process.stderr.write(`case ${done} of ${total}: ${id}\n`),
  });
  const malignant = vertebrae.filter(vertebra => vertebra.malignant).length;
  process.stdout.write(
    `${vertebrae.length} vertebrae, ${malignant} with lesions; ${leftOut.length} entries left out, each with its reason in report.md; written to ${out}\n`
  );
});
