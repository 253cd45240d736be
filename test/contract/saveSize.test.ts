/** Saving the largest study of the requirements: 512 x 512 x 600 with 40 segments, in a process of its own. Its time and memory are printed, not judged. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test('a 512 x 512 x 600 study with 40 segments is saved and read back exactly', () => {
  const root = join(__dirname, '../..');
  const output = execFileSync(
    process.execPath,
    [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'test/bench/saveSeg.ts')],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], cwd: root }
  );
  const figures = JSON.parse(output) as { same: boolean; frames: number };
  process.stdout.write(`save: ${output}`);
  expect(figures.same).toBe(true);
  expect(figures.frames).toBeGreaterThan(1000);
}, 110_000);
