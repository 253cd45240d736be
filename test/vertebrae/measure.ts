/**
 * npm run measure:vertebrae [-- --only click|phantoms|jitter|refuse|find] [--out <dir for contact sheets>] [--phantoms <n>]
 *   [--large <n>] [--network <dir of another network>] [--wasm | --without-network]
 * Prints how well vertebral bodies are segmented from a click and found without one. Real CT comes from the shared folder
 * beside the repository (or SPINE_SHARED); without it only the phantoms are measured.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadBodyNetwork } from '@spine/headless/nodeBodyNetwork';
import { type Bench, centresOf, say } from './bench';
import { crlm1006, hideAndSeekT10, lidc0314, sharedCt, totalSegmentatorExample, tptboxL3 } from './cases';
import { clicks, phantoms } from './clicks';
import { find } from './find';
import { jitter, refuse } from './jitter';
import { wasmNetwork } from './wasmNetwork';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    phantoms: { type: 'string', default: '60' },
    large: { type: 'string', default: '12' },
    network: { type: 'string' },
    wasm: { type: 'boolean', default: false },
    'without-network': { type: 'boolean', default: false },
  },
});
const wanted = (part: string) => values.only === undefined || values.only === part;

void main();

async function main(): Promise<void> {
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
  if (wanted('phantoms')) await phantoms(bench, Number(values.phantoms), Number(values.large));
  if (folder && wanted('jitter')) await jitter(bench, await lidc0314(folder));
  if (folder && wanted('refuse')) await refuse(bench, await lidc0314(folder));
  if (folder && wanted('find')) {
    await find(bench, await lidc0314(folder));
    const lumbar = await totalSegmentatorExample(folder);
    await find(bench, { ...lumbar, centres: centresOf(lumbar) });
    await find(bench, await crlm1006(folder));
  }
}
