/** The published viewer on disk, looked at before anything is built around it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findHostModules, type ModuleTexts } from '../loader/hostModules';
import type { WantedExports } from '../loader/release';

/** What has been assembled and tried. 3.14 is taken as soon as npm has it; its loader makes ours superfluous. */
export const supportedHostVersions = /^3\.(13|14)\./;

export interface HostPackage {
  version: string;
  dist: string;
}

/** @param packageJson path of @ohif/app/package.json @throws Error for a version that is too old or unknown */
export function hostPackage(packageJson: string): HostPackage {
  const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { version: string };
  if (!supportedHostVersions.test(version)) {
    throw new Error(`@ohif/app ${version} is installed; the mode needs OHIF 3.13 or 3.14.`);
  }
  return { version, dist: join(dirname(packageJson), 'dist') };
}

/** @throws Error naming what the plugins import and this viewer does not have */
export function checkHost({ version, dist }: HostPackage, wanted: WantedExports): void {
  try {
    findHostModules(splitBundle(readFileSync(join(dist, bundleName(dist)), 'utf8')), wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`@ohif/app ${version} cannot carry the plugins: ${reason}.`);
  }
}

/** The module functions as the running host has them, by id. */
export function splitBundle(bundle: string): ModuleTexts {
  const heads = [...bundle.matchAll(/\n"?([\w./-]+)"?\([^\n]*\) \{\n/g)];
  return new Map(
    heads.map(({ 1: id, index }, n) => [id, bundle.slice(index + 1, heads[n + 1]?.index)] as [string, string])
  );
}

export function bundleName(hostDist: string): string {
  const [name, ...others] = readdirSync(hostDist).filter(file => /^app\.bundle\.[0-9a-f]+\.js$/.test(file));
  if (!name || others.length) throw new Error(`Expected one app.bundle.<hash>.js in ${hostDist}.`);
  return name;
}
