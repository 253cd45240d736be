/**
 * `npm run phantoms:bodies -- --out <folder> [--seed n] [--count n] [--from n] [--large-lesions]`: blocks that the network for vertebral bodies is
 * trained on. With `--beside <folder of real CT>` blocks of real CT beside the spine instead, `--count` of each source.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { besideBlocks } from './beside';
import { BLOCK, type BodyBlock, makeBodyBlock } from './block';

const REPORT_EVERY = 25;
/** Far from any body, in the steps of {@link BodyBlock.depth}. */
const FAR = -127;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    beside: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '400' },
    from: { type: 'string', default: '0' },
    'large-lesions': { type: 'boolean', default: false },
  },
});
void main();

async function main(): Promise<void> {
  if (!values.out) throw new Error('--out is missing');
  mkdirSync(values.out, { recursive: true });
  const [seed, from, count] = [values.seed, values.from, values.count].map(Number);
  if (values.beside) {
    for await (const { name, hu } of besideBlocks(values.beside, seed, count)) {
      write(name, { hu, tissue: new Uint8Array(hu.length), depth: new Int8Array(hu.length).fill(FAR), bodies: [] });
    }
    return;
  }
  for (let n = from; n < from + count; n++) {
    write(String(n).padStart(5, '0'), makeBodyBlock(seed, n, values['large-lesions']));
    if ((n - from + 1) % REPORT_EVERY === 0) console.log(`${n - from + 1}/${count}`);
  }
}

/** Readers look for the description, so the voxels come first: HU, tissue, depth. */
function write(name: string, { hu, tissue, depth, bodies }: Omit<BodyBlock, 'sliceThicknessMm'>): void {
  const path = join(values.out!, name);
  writeFileSync(
    `${path}.bin`,
    Buffer.concat([hu, tissue, depth].map(({ buffer }) => Buffer.from(buffer as ArrayBuffer)))
  );
  writeFileSync(`${path}.json`, `${JSON.stringify({ ...BLOCK, bodies })}\n`);
}
