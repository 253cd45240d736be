/**
 * `npm run test:float16`: arithmetic in float16 on a software adapter that offers it. Chromium's own offers none; Mesa's
 * (lavapipe) does, and Node's WebGPU runs on it with Mesa 25, not with 22.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArithmeticOutcome } from '@spine/core';
import { maxAbsDifference } from '../support/golden';
import { ROOT } from '../support/shared';
import { writeToyModel } from '../support/toyModel';

const DRIVERS = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map(file =>
  join('/usr/share/vulkan/icd.d', file)
);

interface Opened {
  readonly provider: string;
  readonly outcome: ArithmeticOutcome;
  readonly noise: readonly number[];
}

/** @throws Error with what the process said, or how to get the driver */
function opened(model: string): readonly [Opened, Opened] {
  const driver = process.env.VK_DRIVER_FILES ?? DRIVERS.find(existsSync);
  if (!driver) {
    throw new Error(
      "Mesa's Vulkan driver for processors is missing (Debian 13: apt-get install libvulkan1 mesa-vulkan-drivers; Debian 12: with -t bookworm-backports)."
    );
  }
  const command = [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(__dirname, 'evaluate.ts'), model];
  const run = spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: 'utf8',
    // The first name is that of older loaders.
    env: { ...process.env, VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, XDG_RUNTIME_DIR: tmpdir() },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as [Opened, Opened];
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'float16-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('predicts in float16 where that agrees with float32', async () => {
  await writeToyModel(folder, 0.02);
  const [float32, float16] = opened(folder);
  expect(float32).toMatchObject({ provider: 'webgpu', outcome: { code: 'off' } });
  expect(float16).toMatchObject({ provider: 'webgpu (float16)', outcome: { code: 'float16', bound: 0.01 } });
  const difference = maxAbsDifference(float16.noise, float32.noise);
  expect(difference).toBeLessThan(0.01);
  expect(difference).toBeGreaterThan(0); // it was not float32 again
});

test('stays with float32 where it does not agree', async () => {
  await writeToyModel(folder);
  const [float32, float16] = opened(folder);
  expect(float16).toMatchObject({ provider: 'webgpu', outcome: { code: 'disagrees', bound: 0.01 } });
  expect(float16.noise).toEqual(float32.noise);
});
