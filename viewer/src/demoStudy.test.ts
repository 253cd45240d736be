import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeFormer } from './demoStudy';

it('what another process writes just now stays; what a killed one left, and studies of former generators, go', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'demo-cache-'));
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  const running = `demo-study-partial-${process.ppid}`;
  for (const name of [running, `demo-study-partial-${ended}`, 'demo-study-0123456789ab', 'demo-follow-up-partial-1']) {
    mkdirSync(join(cache, name, 'study'), { recursive: true });
  }
  await removeFormer(cache, 'demo-study');
  expect(readdirSync(cache).sort()).toEqual(['demo-follow-up-partial-1', running]);
  expect(readdirSync(join(cache, running))).toEqual(['study']);
  rmSync(cache, { recursive: true });
});
