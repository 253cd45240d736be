/**
 * The demo study with T11 analysed by the quickest model, as the panel saved it, for tests of what follows an analysis. The panel makes it
 * once for each state of plugins, model and study: in the radiologist's test, or here when that did not come first.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DemoStudy } from '../../../viewer/src/demoStudy';
import { cacheFolder } from '../../../viewer/src/paths';
import { startServer } from '../../../viewer/src/server/server';
import { ROOT } from '../../support/shared';
import { SpinePanel } from '../pages/SpinePanel';
import { ViewerPage } from '../pages/ViewerPage';
import { WorklistPage } from '../pages/WorklistPage';
import { launchChromium } from './chromium';
import { analyseOneSlice } from './quickAnalysis';

/** Its description in the worklist. */
export const DEMO = 'Synthetic phantom spine';
export const ANALYSED_LEVEL = 'T11';
const PREFIX = 'analysed-demo-';
const STEP_TIMEOUT_MS = 300_000;

/** @returns a folder with the segmentation of the analysis alone */
export async function analysedStudy(demo: DemoStudy): Promise<string> {
  const folder = folderOf(demo);
  if (existsSync(folder)) return folder;
  const temporary = mkdtempSync(join(tmpdir(), 'spine-analysis-'));
  const dataFolder = join(temporary, 'data');
  const settings = { investigationalUseDialog: { option: 'never' } };
  const server = await startServer({ port: 0, dicomFolders: [demo.study], dataFolder, settings });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    const panel = new SpinePanel(page);
    const pages = { worklist: new WorklistPage(page, server.url), viewer: new ViewerPage(page, server.url), panel };
    await analyseOneSlice({ page, ...pages }, DEMO, ANALYSED_LEVEL);
    expect(await panel.save()).toBe('saved');
    keepAnalysed(demo, dataFolder);
  } finally {
    await browser.close();
    await server.close();
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** Keeps what a server stored of such an analysis, before anything was decided. @param dataFolder with that one file */
export function keepAnalysed(demo: DemoStudy, dataFolder: string): void {
  const folder = folderOf(demo);
  if (existsSync(folder)) return;
  const stored = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter(one => one.isFile());
  if (stored.length !== 1) throw new Error(`One stored file was expected in ${dataFolder}, not ${stored.length}.`);
  for (const old of readdirSync(cacheFolder).filter(name => name.startsWith(PREFIX))) {
    rmSync(join(cacheFolder, old), { recursive: true });
  }
  const partial = mkdtempSync(join(cacheFolder, 'partial-'));
  copyFileSync(join(stored[0].parentPath, stored[0].name), join(partial, 'lesions.dcm'));
  renameSync(partial, folder);
}

function folderOf(demo: DemoStudy): string {
  const plugins = join(ROOT, 'extensions/vertebra-metastasis/dist');
  const hash = createHash('sha256')
    .update(demo.study)
    .update(readFileSync(join(ROOT, 'models/tiny/manifest.json')));
  for (const file of readdirSync(plugins).filter(name => name.endsWith('.js'))) {
    hash.update(file).update(readFileSync(join(plugins, file)));
  }
  mkdirSync(cacheFolder, { recursive: true });
  return join(cacheFolder, PREFIX + hash.digest('hex').slice(0, 12));
}
