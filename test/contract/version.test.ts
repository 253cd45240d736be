/** One version: what files say made them, what a viewer asks the mode for, what the archive and the pages name. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { SOFTWARE_VERSION } from '@spine/dicom/context';
import { ROOT } from '../support/shared';

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const versionsIn = (path: string, pattern: RegExp) => [...text(path).matchAll(pattern)].map(([, version]) => version);

test('every package carries the version that is written into DICOM files', () => {
  const tracked = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], { cwd: ROOT, encoding: 'utf8' });
  const packages = tracked.trim().split('\n');
  expect(packages).toContain('modes/spine-oncology/package.json');
  const versions = packages.map(path => [dirname(path), (JSON.parse(text(path)) as { version: string }).version]);
  expect(versions).toEqual(packages.map(path => [dirname(path), SOFTWARE_VERSION]));
});

test.each([
  ['modes/spine-oncology/src/index.ts', /\[extensionId\]: '\^([^']+)'/g],
  ['docs/install.md', /spine-oncology-(?:[a-z-]+-)?(\d+\.\d+\.\d+)/g],
  ['docs/install.md', /"version": "([^"]+)"/g],
  ['cohort/deploy/kubernetes.yaml', /spine-cohort:([\d.]+)/g],
])('%s names this version (%s)', (path, pattern) => {
  expect([...new Set(versionsIn(path, pattern))]).toEqual([SOFTWARE_VERSION]);
});
