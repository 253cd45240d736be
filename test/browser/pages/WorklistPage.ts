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

  /** Selects a study and waits until it is the one in the preview. */
  async select(description: string): Promise<void> {
    await this.row(description).click();
    await this.page.getByText(description).nth(1).waitFor(); // the first is its row
  }

  /** Names of the modes offered for the selected study. */
  async offeredModes(): Promise<string[]> {
    await this.launcher.locator('button').first().waitFor();
    return this.launcher.locator('button').allInnerTexts();
  }

  /** Why our modes are not offered for the selected study; '' when they are. */
  reasonNotOffered(): Promise<string> {
    return this.page.locator('[data-cy="mode-not-offered"]').innerText();
  }

  private get launcher(): Locator {
    return this.page.getByText('Launch workflow', { exact: true }).locator('xpath=../..');
  }

  async openMode(name: string): Promise<void> {
    await this.launcher.getByRole('button', { name }).click();
  }
}
