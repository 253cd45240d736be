/** `npm run phantoms:bodies`: blocks that the network for vertebral bodies is trained on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, required, runCommand, wholeNumber } from '@spine/headless/cli';
import { besideBlocks } from './beside';
import { BLOCK, type BodyBlock, makeBodyBlock } from './block';

const REPORT_EVERY = 25;
/** Far from any body, in the steps of {@link BodyBlock.depth}. */
const FAR = -127;

const USAGE = `npm run phantoms:bodies -- --out <folder> [--seed 1] [--count 400] [--from 0] [--large-lesions]
Writes blocks of synthetic CT with their vertebral bodies: what the network that outlines bodies is trained on.
  --from n                  number of the first block (default 0)
  --large-lesions           large lesions in the bodies
  --beside <folder>         blocks of real CT beside the spine instead, --count of each source`;

void runCommand('phantoms:bodies', USAGE, async argv => {
  const values = parseOptions(
    {
      out: { type: 'string' },
      beside: { type: 'string' },
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '400' },
      from: { type: 'string', default: '0' },
      'large-lesions': { type: 'boolean', default: false },
    },
    argv
  );
  const out = required(values.out, 'out');
  const [seed, from] = [wholeNumber(values.seed, 'seed', 0), wholeNumber(values.from, 'from', 0)];
  const count = wholeNumber(values.count, 'count');
  mkdirSync(out, { recursive: true });
  if (values.beside) {
    for await (const { name, hu } of besideBlocks(values.beside, seed, count)) {
      write(out, name, {
        hu,
        tissue: new Uint8Array(hu.length),
        depth: new Int8Array(hu.length).fill(FAR),
        bodies: [],
      });
    }
    return;
  }
  for (let n = from; n < from + count; n++) {
    write(out, String(n).padStart(5, '0'), makeBodyBlock(seed, n, values['large-lesions']));
    if ((n - from + 1) % REPORT_EVERY === 0) console.log(`${n - from + 1}/${count}`);
  }
});

/** Readers look for the description, so the voxels come first: HU, tissue, depth. */
function write(out: string, name: string, { hu, tissue, depth, bodies }: Omit<BodyBlock, 'sliceThicknessMm'>): void {
  const path = join(out, name);
  writeFileSync(
    `${path}.bin`,
    Buffer.concat([hu, tissue, depth].map(({ buffer }) => Buffer.from(buffer as ArrayBuffer)))
  );
  writeFileSync(`${path}.json`, `${JSON.stringify({ ...BLOCK, bodies })}\n`);
}
