import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDataset } from '@spine/dicom';
import type { NaturalizedInstance } from '@spine/dicom';

/** True when a command is installed. */
export const hasTool = (name: string): boolean => spawnSync('which', [name]).status === 0;

/**
 * Says that a check could not run, and why: a test that silently passes would be a lie. On a build server a missing
 * validator is a failure.
 * @throws Error where CI is set
 */
export function skip(what: string): void {
  if (process.env.CI)
    throw new Error(`${what} is not installed: this check cannot run, and a build server must run it`);
  process.stdout.write(`SKIPPED: ${what} is not installed\n`);
}

export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'spine-contract-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/**
 * Warnings of dciodvfy that are right and stay: it cannot know a private coding scheme or a private element, and it lists what
 * is missing for a DICOMDIR when the CT itself has none of it.
 */
export const EXPLAINED_WARNINGS = [
  /Unrecognized defined term = <99SPINEONC>/,
  /SPINE ONCOLOGY HSA/,
  /needed to build DICOMDIR/,
];

export function writeDataset(folder: string, name: string, dataset: NaturalizedInstance): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(encodeDataset(dataset)));
  return path;
}

/** Lines of dciodvfy that start with Error or Warning. It prints both on stderr and exits 1 on errors. */
export function dciodvfy(path: string): { errors: string[]; warnings: string[] } {
  const { stdout, stderr } = spawnSync('dciodvfy', ['-new', path], { encoding: 'utf8' });
  const lines = `${stdout}\n${stderr}`.split('\n');
  return {
    errors: lines.filter(line => line.startsWith('Error')),
    warnings: lines.filter(line => line.startsWith('Warning')),
  };
}

export const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' });

/**
 * What dcentvfy (consistency of patient, study and series across files) complains of. Its tables put AccessionNumber of an SR at
 * another level than that of an image; that is no finding about the files.
 */
export function dcentvfy(files: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync('dcentvfy', [...files], { encoding: 'utf8' });
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter(
      line =>
        /error|warning/i.test(line) && !/information entities for attribute - Element=<AccessionNumber>/.test(line)
    );
}
