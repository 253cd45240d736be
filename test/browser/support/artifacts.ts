import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { ROOT } from '../../support/shared';

const folder = join(ROOT, 'test-results');
const screenshotTimeoutMs = 60_000;

/** Keeps what a page says, for the report of a failed test. */
export class PageLog {
  readonly lines: string[] = [];
  /** Uncaught errors of the page, and what its Content-Security-Policy refused it. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    page.on('console', message => {
      this.lines.push(`${message.type()}: ${message.text()}`);
      if (/Content Security Policy/i.test(message.text())) this.errors.push(message.text());
    });
    page.on('pageerror', error => {
      this.errors.push(error.message);
      this.lines.push(`uncaught: ${error.stack ?? error.message}`);
    });
    page.on('requestfailed', request =>
      this.lines.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ''}`)
    );
    page.on('response', response => {
      if (response.status() >= 400)
        this.lines.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
  }
}

/** Writes a screenshot and the page's log to test-results. @returns the path without its ending */
async function saveArtifacts(name: string, page: Page, log: PageLog): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name.replace(/[^\w]+/g, '-').slice(0, 100));
  try {
    await page.screenshot({ path: `${path}.png`, timeout: screenshotTimeoutMs });
  } catch (error) {
    log.lines.push(`no screenshot: ${String(error)}`); // the test's own failure matters more
  }
  writeFileSync(`${path}.log`, log.lines.join('\n'));
  return path;
}

/** For the picture and the log of a test that did not end in time: a test's timeout in jest is that much longer. */
export const REPORT_MS = 75_000;

/**
 * Runs a test; where it fails or does not end in time, its picture and log are kept.
 * @param timeoutMs after which it has failed; jest's own timeout would end it without either
 */
export async function reported(page: Page, log: PageLog, timeoutMs: number, run: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The test had not ended after ${timeoutMs / 1000} s.`)), timeoutMs);
  });
  try {
    await Promise.race([run(), late]);
  } catch (error) {
    const path = await saveArtifacts(expect.getState().currentTestName ?? 'test', page, log);
    process.stderr.write(`Screenshot and log of the failed test: ${path}.{png,log}\n`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
