/** Versions of OHIF that are assembled and tried besides the installed one, as npm publishes them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder } from '../paths';

/** Hash of the archive of @ohif/app, by version. */
const INTEGRITY: Readonly<Record<string, string>> = {
  '3.14.0-beta.6': 'sha512-QwA0talqhh4VlUR+QgT2t8FP7NpX++4s6Z9Cp5VIcta3JMd2zGBPTp/R9t7JaX0Xi1AHAZAJxTv502R+SawaBg==',
};

export const isPublishedHost = (version: string): boolean => version in INTEGRITY;

/**
 * Downloads the package when it is not there yet.
 * @param version one of those listed here
 * @returns folder of the unpacked @ohif/app
 * @throws Error when npm does not give it out, or another archive than the one that was tried
 */
export function publishedHost(version: string, hosts = join(cacheFolder, 'hosts')): string {
  const folder = join(hosts, version);
  if (existsSync(folder)) return folder;
  mkdirSync(hosts, { recursive: true });
  const partial = mkdtempSync(join(hosts, 'partial-'));
  try {
    const options = ['--silent', '--pack-destination', partial];
    const answer = execFileSync('npm', ['pack', `@ohif/app@${version}`, ...options], {
      cwd: partial,
      encoding: 'utf8',
    });
    const archive = join(partial, answer.trim().split('\n').at(-1)!);
    const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (integrity !== INTEGRITY[version]) {
      throw new Error(`npm has another @ohif/app ${version} than the one that was tried: ${integrity}.`);
    }
    execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', partial]);
    renameSync(join(partial, 'package'), folder);
    return folder;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
