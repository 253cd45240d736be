import type { Locator, Page } from 'playwright-core';

/** A user's hands: every key press and every click that a walk needs passes here and is counted. */
export class Hands {
  keys = 0;
  clicks = 0;

  constructor(private readonly page: Page) {}

  /** One press, with its modifiers. */
  async press(key: string): Promise<void> {
    this.keys++;
    await this.page.keyboard.press(key);
  }

  async click(what: Locator): Promise<void> {
    this.clicks++;
    await what.click();
  }
}
