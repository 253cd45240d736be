/** npm run docs:refusals */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../../support/shared';
import { refusalsPage } from './page';
import type { CaseResults } from './results';

const folder = mkdtempSync(join(tmpdir(), 'refusals-'));
const results = join(folder, 'results.json');
execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'runCases.ts'), results], { cwd: ROOT });
writeFileSync(join(ROOT, 'docs/refusals.md'), refusalsPage(JSON.parse(readFileSync(results, 'utf8')) as CaseResults));
rmSync(folder, { recursive: true });
