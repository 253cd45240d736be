import type { Locator, Page } from 'playwright-core';

/** The host's study list. */
export class WorklistPage {
  constructor(
    private readonly page: Page,
    private readonly url: string
  ) {}

  /** Opens the list and waits until it has asked the server. @param query e.g. `?datasources=orthanc` */
  async open(query = ''): Promise<void> {
    const answered = this.page.waitForResponse(response => /\/studies\?/.test(response.url()));
    await this.page.goto(`${this.url}/${query}`);
    await answered;
    await this.page.getByText('Study Date').first().waitFor();
  }

  /** The row of the study with this description. */
  row(description: string): Locator {
    return this.page.locator('tbody tr:not([data-filter-row])').filter({ hasText: description }).first();
  }

  /** Selects a study and waits for its series in the preview. */
  async select(description: string): Promise<void> {
    await this.row(description).click();
    await this.preview.getByText('/ Series').waitFor();
  }

  /** Names of the modes offered for the selected study. */
  async offeredModes(): Promise<string[]> {
    const titles = await this.preview
      .locator('button[title]')
      .evaluateAll(buttons => buttons.map(button => button.getAttribute('title') ?? ''));
    return titles.filter(Boolean);
  }

  /** The side of the list that shows the selected study. */
  get preview(): Locator {
    return this.page
      .locator('div')
      .filter({ has: this.page.getByText('Launch workflow', { exact: true }) })
      .last()
      .locator('../..');
  }

  async openMode(name: string): Promise<void> {
    await this.page.locator(`button[title="${name}"]`).click();
  }
}
