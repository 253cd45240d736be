/** `npm run phantoms:bodies -- --out <folder> [--seed n] [--count n] [--from n]`: blocks for training the body outline. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BLOCK, makeBodyBlock } from './block';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '400' },
    from: { type: 'string', default: '0' },
  },
});
if (!values.out) throw new Error('--out is missing');
mkdirSync(values.out, { recursive: true });
const [seed, from, count] = [values.seed, values.from, values.count].map(Number);
for (let n = from; n < from + count; n++) {
  const { hu, tissue, depth, bodies, sliceThicknessMm } = makeBodyBlock(seed, n);
  const name = join(values.out, String(n).padStart(5, '0'));
  const bytes = [hu, tissue, depth].map(({ buffer }) => Buffer.from(buffer as ArrayBuffer));
  // Readers look for the description, so the voxels come first.
  writeFileSync(`${name}.bin`, Buffer.concat(bytes));
  writeFileSync(
    `${name}.json`,
    JSON.stringify({ dims: BLOCK.dims, spacingMm: BLOCK.spacingMm, bodies, sliceThicknessMm })
  );
  if ((n - from + 1) % 25 === 0) console.log(`${n - from + 1}/${count}`);
}
