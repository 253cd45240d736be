import type { Locator, Page } from 'playwright-core';

/** The panel of the Spine Oncology mode, by the `data-cy` names it promises. */
export class SpinePanel {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.locator('[data-cy="vertebra-metastasis-panel"]');
  }

  part(name: string): Locator {
    return this.root.locator(`[data-cy="${name}"]`);
  }

  waitFor(): Promise<void> {
    return this.root.waitFor();
  }
}
