/** `npm run cohort` as a researcher calls it: a folder in, a folder out, nothing installed. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ctStudy, ctStudyWithMasks } from './testing/studies';

const ROOT = join(__dirname, '../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cohort-'));
  mkdirSync(join(folder, 'in'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commandLine(options: readonly string[]): string[] {
  const args = [
    '--import',
    'tsx',
    join(ROOT, 'cohort/src/main.ts'),
    '--dicom',
    join(folder, 'in'),
    '--to',
    join(folder, 'out'),
  ];
  const fixed = ['--state', join(folder, 'state'), '--model', join(ROOT, 'models/tiny'), '--slices', 'central'];
  return [...args, ...fixed, ...options];
}

async function cohort(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, commandLine(options), { cwd: ROOT }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error
  );
}

const bytesOf = (path: string) => readFileSync(path).toString('base64');
const resultOf = ({ study, series }: { study: string; series: string }) => join(folder, 'out', study, series);

test('six CTs, one broken, one MR, one knee, one without a spine: each has a result or its reason; a rerun does nothing', async () => {
  const inside = join(folder, 'in');
  const good = [ctStudyWithMasks(inside, 1), ctStudyWithMasks(inside, 2)];
  const broken = ctStudyWithMasks(inside, 3);
  const cut = join(inside, 'study-3/ct/0020.dcm');
  truncateSync(cut, statSync(cut).size - 900);
  const mr = ctStudy(inside, 4, { Modality: 'MR', SOPClassUID: '1.2.840.10008.5.1.4.1.1.4' });
  const knee = ctStudy(inside, 5, { BodyPartExamined: 'KNEE' });
  const noSpine = ctStudy(inside, 6, { RescaleIntercept: '-300' });

  const first = await cohort();
  expect(first.code).toBe(3);
  expect(first.stdout).toMatch(/2 series analysed, \d+ passed over, 1 failed/);
  expect(first.stdout).toMatch(new RegExp(`failed: study ${broken.study}.*truncated: ${cut}: It is cut off`));
  expect(first.stdout).toMatch(new RegExp(`passed over: study ${mr.study}.*not-ct`));
  expect(first.stdout).toMatch(new RegExp(`passed over: study ${knee.study}.*body-part: Its body part is KNEE`));
  expect(first.stdout).toMatch(
    new RegExp(`passed over: study ${noSpine.study}.*no-spine: No whole vertebral body was found in this CT. Where`)
  );
  // Log lines name no patient, study or series.
  expect(first.stderr).not.toMatch(/COHORT-|Cohort\^|1\.2\.826/);
  for (const files of good) {
    expect(readdirSync(resultOf(files))).toEqual(expect.arrayContaining(['bodies.dcm', 'report.json']));
  }
  expect(existsSync(resultOf(broken))).toBe(false);

  const before = good.map(files => bytesOf(join(resultOf(files), 'bodies.dcm')));
  const again = await picksUp(() => ctStudyWithMasks(inside, 7));
  expect(again.stdout).toMatch(/3 series analysed, \d+ passed over, 1 failed/);
  expect(again.stderr.match(/"event":"started"/g)).toHaveLength(1);
  expect(good.map(files => bytesOf(join(resultOf(files), 'bodies.dcm')))).toEqual(before);

  const summary = join(folder, 'summary');
  expect((await cohort('--summary', summary)).code).toBe(0);
  const rows = readFileSync(join(summary, 'vertebrae.csv'), 'utf8').trim().split('\n');
  expect(rows).toHaveLength(1 + 3 * 3);
  expect(readdirSync(summary).sort()).toEqual([
    ...['lesions.csv', 'lesions.parquet', 'report.html', 'series.csv', 'series.parquet'],
    ...['vertebrae.csv', 'vertebrae.parquet'],
  ]);
  expect(readFileSync(join(summary, 'report.html'), 'utf8')).toMatch(/Research use only.*not reviewed/);
  // Three starts of a program, each some seconds where nothing else runs.
}, 400_000);

/** `--watch` analyses a study that arrives while it runs, and ends when it is interrupted. @returns what it wrote */
async function picksUp(arrive: () => { study: string; series: string }): Promise<{ stdout: string; stderr: string }> {
  const watching = spawn(process.execPath, commandLine(['--watch', '--interval', '1']), { cwd: ROOT });
  const said = { stdout: '', stderr: '' };
  watching.stdout.on('data', chunk => (said.stdout += String(chunk)));
  watching.stderr.on('data', chunk => (said.stderr += String(chunk)));
  try {
    const result = join(resultOf(arrive()), 'report.json');
    for (const deadline = Date.now() + 180_000; !existsSync(result); await wait(200)) {
      expect(watching.exitCode).toBeNull();
      if (Date.now() > deadline) throw new Error(`${result} is not there`);
    }
    watching.kill('SIGINT');
    await once(watching, 'close');
    expect(watching.exitCode).toBe(3); // The broken study is still there.
    return said;
  } finally {
    watching.kill('SIGKILL');
  }
}
