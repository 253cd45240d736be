/** `npm run measure:vertebrae`: how well vertebral bodies are segmented from a click, and found without one. */
import { mkdirSync } from 'node:fs';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { loadBodyNetwork } from '@spine/headless/nodeBodyNetwork';
import { type Bench, centresOf, say } from './bench';
import { crlm1006, hideAndSeekT10, lidc0314, sharedCt, totalSegmentatorExample, tptboxL3 } from './cases';
import { clicks, phantoms } from './clicks';
import { find } from './find';
import { jitter, refuse } from './jitter';
import { wasmNetwork } from './wasmNetwork';

const PARTS = ['click', 'phantoms', 'jitter', 'refuse', 'find'];
const USAGE = `npm run measure:vertebrae -- [--only ${PARTS.join('|')}] [--out <folder for contact sheets>] [--phantoms 60]
  [--large 12] [--network <folder of another network>] [--wasm | --without-network]
Real CT comes from ../shared/ct (or $SPINE_SHARED/ct); without it only the phantoms are measured.`;

void runCommand('measure:vertebrae', USAGE, async argv => {
  const values = parseOptions(
    {
      only: { type: 'string' },
      out: { type: 'string' },
      phantoms: { type: 'string', default: '60' },
      large: { type: 'string', default: '12' },
      network: { type: 'string' },
      wasm: { type: 'boolean', default: false },
      'without-network': { type: 'boolean', default: false },
    },
    argv
  );
  const { only } = values;
  if (only !== undefined && !PARTS.includes(only)) throw new UsageError(`--only ${only}: ${PARTS.join(', ')}`);
  const counts = [wholeNumber(values.phantoms, 'phantoms', 0), wholeNumber(values.large, 'large', 0)] as const;
  const wanted = (part: string) => only === undefined || only === part;
  const load = values.wasm ? wasmNetwork : (folder?: string) => loadBodyNetwork(1, folder);
  const network = values['without-network'] ? undefined : await load(values.network);
  const bench: Bench = { network, out: values.out };
  say(network ? `outlined by ${network.name}${values.wasm ? ' in WebAssembly' : ''}` : 'by edges alone');
  const folder = sharedCt();
  if (values.out) mkdirSync(values.out, { recursive: true });
  if (!folder) say('The shared folder of real CT is absent: only phantoms are measured.');
  if (folder && wanted('click')) {
    for (const ct of [await totalSegmentatorExample(folder), await tptboxL3(folder), await hideAndSeekT10(folder)]) {
      await clicks(bench, ct);
    }
  }
  if (wanted('phantoms')) await phantoms(bench, ...counts);
  if (folder && wanted('jitter')) await jitter(bench, await lidc0314(folder));
  if (folder && wanted('refuse')) await refuse(bench, await lidc0314(folder));
  if (folder && wanted('find')) {
    await find(bench, await lidc0314(folder));
    const lumbar = await totalSegmentatorExample(folder);
    await find(bench, { ...lumbar, centres: centresOf(lumbar) });
    await find(bench, await crlm1006(folder));
  }
});
