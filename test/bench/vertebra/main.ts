/** `npm run study:vertebra`: whole vertebrae with the samplers that a person can choose, against the reference schedule on every slice. */
import { join } from 'node:path';
import { parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../support/shared';
import { chosenSet } from './options';
import { studySet } from './studySet';
import { studyText, writeStudy } from './summary';

const USAGE = `npm run study:vertebra -- [--model models/default] [--set test|tuning|demo|real] [--samplers fast,guided] [--vertebrae 24] [--left-out 2] [--threads 1] [--json <file>]
Whole vertebrae, healthy ones as they come: evaluations against the reference schedule (a) on every slice that the model knows, and (b) on
the searched slices; masks, volumes and 3-D lesions against the reference where \`npm run study:vertebra:reference\` has finished all of a
vertebra's searched slices, else (samplers other than fast) against fast. Of the first --left-out vertebrae, and of all that are
searched, the slices that screening leaves out are run as well: how many candidates they have, and what would be kept there.
Runs of fast are kept slice by slice (.cache/reference): the study can be stopped and goes on.`;

void runCommand('study:vertebra', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    set: { type: 'string', default: 'test' },
    samplers: { type: 'string', default: 'fast' },
    vertebrae: { type: 'string', default: '24' },
    'left-out': { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
    json: { type: 'string' },
  });
  const wanted = wholeNumber(options.vertebrae, 'vertebrae');
  const editLeftOut = wholeNumber(options['left-out'], 'left-out', 0);
  const set = chosenSet(options.set);
  const threads = wholeNumber(options.threads, 'threads');
  const { network, manifest } = await loadModelFromFolder(options.model, { threads });
  const cache = join(ROOT, '.cache');
  const samplers = options.samplers.split(',');
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const study = await studySet({ network, manifest }, cache, { set, samplers, wanted, editLeftOut }, say);
  say(`\n${studyText(study)}`);
  writeStudy(cache, study, options.json);
  await network.dispose();
});
