import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeOf } from './cli';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cli-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function said(run: () => void): Promise<[number, string]> {
  let text = '';
  const stderr = { isTTY: false, write: (chunk: unknown) => ((text += String(chunk)), true) };
  const code = await exitCodeOf('some', 'usage', async () => run(), [], { stdout: stderr, stderr });
  return [code, text];
}

describe('a command', () => {
  it('names the path that cannot be written to, without a stack', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await said(() => mkdirSync(join(file, 'below')))).toEqual([
      3,
      `some: file: ${join(file, 'below')}: a part of this path is a file, not a folder\n`,
    ]);
    expect(await said(() => writeFileSync(folder, ''))).toEqual([3, `some: file: ${folder}: it is a folder\n`]);
    expect(await said(() => writeFileSync('/proc/none', ''))).toEqual([
      3,
      'some: file: /proc/none: there is no such file or folder\n',
    ]);
  });

  it('shows where an error of its own came from', async () => {
    const [code, text] = await said(() => {
      throw new TypeError('x is null');
    });
    expect([code, text]).toEqual([1, expect.stringMatching(/^some: unexpected: TypeError: x is null\n +at /)]);
    const [started, why] = await said(() => {
      throw spawnSync('no-such-program').error!;
    });
    expect([started, why]).toEqual([1, expect.stringMatching(/^some: unexpected: Error: spawnSync no-such-program/)]);
  });
});
