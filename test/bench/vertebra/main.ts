/** `npm run study:vertebra`: whole vertebrae with the samplers that a person can choose, against the reference schedule on every slice. */
import { join } from 'node:path';
import { parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../support/shared';
import { fixed } from '../tables';
import { searchedOf, setName, wholeVertebrae } from './cases';
import { chosenSet } from './options';
import { vertebraRuns } from './runs';
import { figuresOf, studyVertebra, type VertebraRow } from './study';
import { studyText, writeStudy } from './summary';

const USAGE = `npm run study:vertebra -- [--model models/default] [--set test|tuning|demo|real] [--samplers fast,guided] [--vertebrae 20] [--left-out 4] [--threads 1] [--json <file>]
Whole vertebrae that are searched at all: evaluations against the reference schedule (a) on every slice that the model knows, and (b) on
the searched slices; masks, volumes and 3-D lesions against the reference where \`npm run study:vertebra:reference\` has finished all of a
vertebra's searched slices, else (samplers other than fast) against fast. Of the first --left-out vertebrae the slices that screening
leaves out are run as well: how many candidates they have, and what would be kept there.
Runs of fast are kept slice by slice (.cache/reference): the study can be stopped and goes on.`;

void runCommand('study:vertebra', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    set: { type: 'string', default: 'test' },
    samplers: { type: 'string', default: 'fast' },
    vertebrae: { type: 'string', default: '20' },
    'left-out': { type: 'string', default: '4' },
    threads: { type: 'string', default: '1' },
    json: { type: 'string' },
  });
  const wanted = wholeNumber(options.vertebrae, 'vertebrae');
  const editLeftOut = wholeNumber(options['left-out'], 'left-out', 0);
  const set = chosenSet(options.set);
  const threads = wholeNumber(options.threads, 'threads');
  const { network, manifest } = await loadModelFromFolder(options.model, { threads });
  const cache = join(ROOT, '.cache');
  const runs = vertebraRuns({ network, manifest }, cache, set);
  const rows = new Map(options.samplers.split(',').map(name => [name, [] as VertebraRow[]]));
  let [looked, done] = [0, 0];
  for await (const whole of wholeVertebrae(cache, set, { network, manifest })) {
    looked++;
    if (searchedOf(whole).length === 0) continue;
    for (const [name, own] of rows) {
      const row = await studyVertebra(whole, runs, name, done < editLeftOut);
      own.push(row);
      process.stdout.write(`${name} ${rowText(row)}\n`);
    }
    if (++done >= wanted) break;
  }
  const figures = [...rows].map(([name, own]) => figuresOf(name, own));
  const study = { model: `${manifest.id} ${manifest.version}`, sha256: manifest.files.noisePredictor.sha256 };
  const whole = { ...study, set: setName(set), looked, figures, rows: Object.fromEntries(rows) };
  process.stdout.write(`\n${studyText(whole)}\n`);
  writeStudy(cache, whole, options.json);
  await network.dispose();
});

function rowText({
  vertebra,
  searched,
  known,
  evaluations,
  referenceSearched,
  leftOut,
  agreement,
  yardstick,
  lesions,
}: VertebraRow): string {
  const compared =
    agreement &&
    `against ${yardstick}: Dice ${fixed(agreement.maskDice, 3)}, voxels ${agreement.voxels.join(' / ')}, lesions ${agreement.matched} same, ${agreement.missed} missed, ${agreement.extra} more`;
  return [
    `${vertebra}${lesions === undefined ? '' : ` (${lesions} lesions)`}: ${searched} of ${known} slices searched, ${evaluations} noise predictions, reference there ${referenceSearched}`,
    ...(leftOut.slices > 0
      ? [
          `left out: ${leftOut.slices} run, ${leftOut.candidates} candidates, ${leftOut.regions} regions kept, ${leftOut.pixels} pixels, ${leftOut.truePixels} true`,
        ]
      : []),
    ...(compared ? [compared] : []),
  ].join('; ');
}
