/** The release archive: complete for everything that its own files and its page of instructions name. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadAll } from 'js-yaml';

import { writeRelease } from '../../viewer/src/release/writeRelease';
import { composeProblems } from '../support/compose';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spine-archive-'));
  writeRelease(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

interface Compose {
  services: Record<string, { image: string; volumes?: string[] }>;
}

test('what compose.yaml mounts and the Dockerfile copies is there; images are named by version', () => {
  const [{ services }] = loadAll(read('compose.yaml')) as [Compose];
  const mounted = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter(volume => volume.startsWith('./') && !volume.startsWith('./demo-study'))
    .map(volume => volume.split(':')[0]);
  expect(mounted.length).toBeGreaterThan(4);
  const copied = ['plugins', /^ARG APP_CONFIG=(.*)$/m.exec(read('Dockerfile'))![1]];
  for (const path of [...mounted, ...copied]) expect([path, existsSync(join(folder, path))]).toEqual([path, true]);
  for (const { image } of Object.values(services)) expect(image).toMatch(/:v?\d+\.\d+/);
});

test('Compose takes compose.yaml, under the name that .env gives', () => {
  expect(read('.env')).toMatch(/^COMPOSE_PROJECT_NAME=spine-oncology$/m);
  expect(composeProblems(join(folder, 'compose.yaml'))).toEqual([]);
});

test('INSTALL.md leads to files of the archive and nowhere else', () => {
  const links = [...read('INSTALL.md').matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(4);
  for (const target of links.filter(one => !one.startsWith('#'))) {
    expect([target, existsSync(join(folder, target.split('#')[0]))]).toEqual([target, true]);
  }
});

test('every file is named in SHA256SUMS', () => {
  const named = [...read('SHA256SUMS').matchAll(/^[0-9a-f]{64} {2}(.*)$/gm)].map(([, path]) => path);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));
  expect(found.filter(path => path !== 'SHA256SUMS').sort()).toEqual(named.sort());
});
