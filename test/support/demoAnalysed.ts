import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { analyse } from '@spine/headless/analysis';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { ROOT } from './shared';

const MODEL = join(ROOT, 'models/default');

/**
 * The whole demo study analysed on the command line with the model that users get; made once for each state of model and study, in a
 * minute or two.
 * @returns the folder that `npm run analyse` wrote
 */
export async function demoAnalysed(demo: DemoStudy): Promise<string> {
  const hash = createHash('sha256')
    .update(demo.study)
    .update(readFileSync(join(MODEL, 'manifest.json')))
    .digest('hex');
  const out = join(ROOT, '.cache', `demo-analysed-${hash.slice(0, 12)}`);
  if (existsSync(out)) return out;
  const [ct, masks] = [join(demo.study, 'ct'), join(demo.study, 'vertebrae-seg.dcm')];
  const options = ['--ct', ct, '--vertebrae', masks, '--model', MODEL, '--out', out];
  await analyse(options, { stdout: { write: () => true }, stderr: process.stderr });
  return out;
}
