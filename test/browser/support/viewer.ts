import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';

import type { DemoStudy } from '../../../viewer/src/demoStudy';
import { startServer, type ViewerServer, type ViewerServerOptions } from '../../../viewer/src/server/server';
import { demoStudyForTests } from '../../support/demo';
import { SpinePanel } from '../pages/SpinePanel';
import { ViewerPage } from '../pages/ViewerPage';
import { WorklistPage } from '../pages/WorklistPage';
import { PageLog, REPORT_MS, reported } from './artifacts';
import { launchProfile, NO_LONG_INFERENCE } from './chromium';

/** What a test of the viewer gets: a page of its own on a server it shares with the other tests of the file. */
export interface ViewerTest {
  page: Page;
  worklist: WorklistPage;
  viewer: ViewerPage;
  panel: SpinePanel;
  server: ViewerServer;
  log: PageLog;
}

export interface ViewerSetup extends Partial<ViewerServerOptions> {
  /** Size of the page in CSS pixels. */
  window?: { width: number; height: number };
  /** No test searches a slice for lesions; opening a model and screening still work. */
  withoutSearch?: boolean;
  /** Called before the server starts; what it returns is added to the options (a PACS, folders of DICOM made on the fly). */
  prepare?(temporary: string, demo: DemoStudy): Promise<Partial<ViewerServerOptions>> | Partial<ViewerServerOptions>;
}

export interface ViewerSuite {
  server(): ViewerServer;
  /** Declares a test with a fresh page; on failure a screenshot and the page's log go to test-results. */
  test(name: string, run: (context: ViewerTest) => Promise<void>, timeoutMs?: number): void;
}

/** With an analysis that other tests share, see analysedStudy. */
const startTimeoutMs = 900_000;
/** Software rendering on a busy machine: a viewport may take this long to appear. */
const defaultTestTimeoutMs = 300_000;
const waitTimeoutMs = 120_000;

const READING_STATION = { width: 1600, height: 1000 };
/** For tests that look at no picture closely: spares the software renderer half of its work. */
export const SMALL_WINDOW = { width: 1280, height: 800 };

/**
 * Forgets what earlier tests left at the viewer's address, downloaded models aside. They stay, and with them what the browser compiled
 * of the scripts and of onnxruntime, as in a browser that is used every day: to compile it again is half the work of opening a study.
 */
async function forget(context: BrowserContext, page: Page, origin: string): Promise<void> {
  const session = await context.newCDPSession(page);
  const storageTypes = 'cookies,local_storage,indexeddb,file_systems,service_workers';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.detach();
  await context.clearPermissions();
}

/** Starts the assembled viewer, by default with the demo study, and one browser for the tests of the calling `describe`. */
export function useViewer(setup: ViewerSetup = {}): ViewerSuite {
  const { prepare, window = READING_STATION, withoutSearch = false, ...options } = setup;
  let server: ViewerServer;
  let context: BrowserContext;
  let temporary: string;

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'spine-viewer-'));
    const demo = await demoStudyForTests();
    const prepared = await prepare?.(temporary, demo);
    server = await startServer({
      port: 0,
      dicomFolders: [demo.study],
      dataFolder: join(temporary, 'data'),
      settings: { investigationalUseDialog: { option: 'never' } },
      log: line => process.stderr.write(`${line}\n`),
      ...options,
      ...prepared,
    });
    context = await launchProfile(join(temporary, 'profile'), window, withoutSearch ? [NO_LONG_INFERENCE] : []);
    context.setDefaultTimeout(waitTimeoutMs);
  }, startTimeoutMs);

  afterAll(async () => {
    await context?.close();
    await server?.close();
    rmSync(temporary, { recursive: true, force: true });
  });

  return {
    server: () => server,
    test: (name, run, timeoutMs = defaultTestTimeoutMs) =>
      it(
        name,
        async () => {
          const page = await context.newPage();
          await forget(context, page, server.url);
          const log = new PageLog(page);
          try {
            const pages = { worklist: new WorklistPage(page, server.url), viewer: new ViewerPage(page, server.url) };
            const test = { page, server, log, panel: new SpinePanel(page), ...pages };
            await reported(page, log, timeoutMs, () => run(test));
          } finally {
            // The first is the browser's own blank one, without which it would end.
            await Promise.all(
              context
                .pages()
                .slice(1)
                .map(opened => opened.close())
            );
          }
        },
        timeoutMs + REPORT_MS
      ),
  };
}
