/** A page in Firefox: what playwright's pages do by themselves in Chromium. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Page } from 'puppeteer-core';

import { ROOT } from '../../support/shared';

/** For what a click changes at once: another click is tried after that. */
const effectMs = 60_000;
/** For one step, slow drawing and a busy machine included. */
const stepMs = 180_000;
const picturesMs = 30_000;

export class FirefoxPage {
  /** Uncaught errors of the page. */
  readonly errors: string[] = [];
  private readonly lines: string[] = [];

  static async open(browser: Browser): Promise<FirefoxPage> {
    return new FirefoxPage(await browser.newPage());
  }

  private constructor(private readonly page: Page) {
    page.setDefaultTimeout(stepMs);
    page.on('pageerror', error => this.errors.push(String(error)));
    page.on('console', message => this.lines.push(`${message.type()}: ${message.text()}`));
    page.on('dialog', dialog => {
      this.lines.push(`dialog: ${dialog.type()} ${dialog.message()}`);
      void dialog.accept();
    });
    page.on('requestfailed', request =>
      this.lines.push(`failed: ${request.method()} ${request.url()} ${request.failure()?.errorText ?? ''}`)
    );
  }

  goto(address: string): Promise<void> {
    return this.step(`opening ${address}`, async () => {
      await this.page.goto(address, { waitUntil: 'domcontentloaded' });
    });
  }

  /** Waits until something is on the page. @param selector of CSS */
  shown(selector: string, timeout = stepMs): Promise<void> {
    return this.step(`waiting for ${selector}`, async () => {
      await this.page.waitForSelector(selector, { timeout });
    });
  }

  attribute(selector: string, name: string): Promise<string | null> {
    return this.page.$eval(selector, (element, name) => element.getAttribute(name), name);
  }

  attributes(selector: string, names: readonly string[]): Promise<(string | null)[][]> {
    return this.page.$$eval(
      selector,
      (elements, names) => elements.map(element => names.map(name => element.getAttribute(name))),
      names
    );
  }

  /**
   * Clicks what has come to rest, and again where nothing followed: under load the page may be laid out anew between the look at a
   * button and the press, which then meets something else.
   * @param effect selector of what is there once the click was taken
   */
  click(selector: string, effect: string): Promise<void> {
    return this.step(`clicking ${selector} until there is ${effect}`, async () => {
      const deadline = Date.now() + stepMs;
      for (let clicks = 1; ; clicks++) {
        await this.page.locator(selector).click();
        try {
          await this.page.waitForSelector(effect, { timeout: effectMs });
          if (clicks > 1) process.stderr.write(`Firefox: ${selector} needed ${clicks} clicks\n`);
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
        }
      }
    });
  }

  /** Picks an option of a drop-down. */
  async choose(picker: string, option: string): Promise<void> {
    const chooser = `[data-cy="${picker}"]`;
    await this.click(chooser, '[role="option"]');
    await this.click(`::-p-xpath(//*[@role="option"][contains(., "${option}")])`, `${chooser} ::-p-text(${option})`);
  }

  /** @throws the step's own error, saying which step it was and where the page's picture and log are */
  private async step<T>(name: string, run: () => Promise<T>): Promise<T> {
    this.lines.push(`test: ${name}`);
    try {
      return await run();
    } catch (error) {
      throw new Error(`Firefox, ${name}: ${String(error)}\nSee ${await this.save()}.{png,txt,log}`, { cause: error });
    }
  }

  private async save(): Promise<string> {
    const folder = join(ROOT, 'test-results');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'firefox');
    const late = new Promise<string>(resolve => setTimeout(resolve, picturesMs, '(Firefox does not answer)').unref());
    await Promise.race([this.page.screenshot({ path: `${path}.png` }).catch(String), late]);
    const text = await Promise.race([this.page.evaluate(() => document.body.innerText).catch(String), late]);
    writeFileSync(`${path}.txt`, text);
    writeFileSync(`${path}.log`, this.lines.join('\n'));
    return path;
  }
}
