import type { Locator, Page } from 'playwright-core';

/** Waits that depend on inference in software take as long as the machine needs. */
const ANALYSIS_TIMEOUT_MS = 600_000;
const VOXELS_TIMEOUT_MS = 60_000;

/** The panel of the Spine Oncology mode, by the `data-cy` names it promises. */
export class SpinePanel {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('[data-cy="vertebra-metastasis-panel"]');
  }

  part(name: string): Locator {
    return this.root.locator(`[data-cy="${name}"]`);
  }

  waitFor(): Promise<void> {
    return this.root.waitFor();
  }

  /** Waits until model and vertebrae are there, so that an analysis can start. */
  async waitUntilReady(): Promise<void> {
    await this.part('provider').waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
    await this.root.locator('[data-cy^="vertebra-row-"]').first().waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
  }

  /** Picks an option of a drop-down. */
  async choose(picker: string, option: string): Promise<void> {
    await this.part(picker).click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  vertebra(level: string): Locator {
    return this.part(`vertebra-row-${level}`);
  }

  /** Rejects the first lesion listed of a vertebra. */
  async rejectLesion(level: string, reason: string): Promise<void> {
    const before = await this.rejected();
    await this.part('lesion-row')
      .and(this.page.locator(`[data-level="${level}"]`))
      .first()
      .click();
    await this.choose('reject', reason);
    await this.untilRejected(before + 1);
  }

  /** How many lesions a person rejected. */
  async rejected(): Promise<number> {
    const group = this.part('rejected');
    return (await group.count()) > 0 ? Number(await group.first().getAttribute('data-count')) : 0;
  }

  /** Ticks a vertebra as reviewed, or takes that back. */
  async toggleReviewed(level: string): Promise<void> {
    await this.vertebra(level).locator('[data-cy="go-to"]').click();
    const before = await this.vertebra(level).getAttribute('data-reviewed');
    await this.part('reviewed').click();
    await this.vertebra(level)
      .and(this.page.locator(`:not([data-reviewed="${before}"])`))
      .waitFor();
  }

  /** Starts the analysis of one vertebra. */
  async analyse(level: string): Promise<void> {
    await this.vertebra(level).locator('[data-cy="analyse-one"]').click();
  }

  /** Levels of the vertebrae, from top to bottom. */
  levels(): Promise<string[]> {
    return this.root
      .locator('[data-cy^="vertebra-row-"]')
      .evaluateAll(rows => rows.map(row => row.getAttribute('data-cy')!.slice('vertebra-row-'.length)));
  }

  /** Waits until the analysis, the saving... has one of these states. @returns the state reached */
  async waitForStatus(bar: 'run-bar' | 'save-bar', ...states: string[]): Promise<string> {
    const selector = states.map(state => `[data-cy="${bar}"][data-status="${state}"]`).join(', ');
    const reached = this.root.locator(selector);
    await reached.waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
    return (await reached.getAttribute('data-status')) ?? '';
  }

  async showTab(tab: 'analyse' | 'burden' | 'prior' | 'report' | 'export'): Promise<void> {
    await this.part(`tab-${tab}`).click();
  }

  /** Presses a button of the export tab and waits for the outcome. @returns 'done' or 'failed' */
  exportTo(kind: string, destination: 'archive' | 'download'): Promise<string> {
    return this.outcome(this.part(`export-${kind}`), this.part(`export-${kind}-${destination}`), ['done', 'failed']);
  }

  /** Saves from the foot of the panel. @returns 'saved' or 'failed' */
  save(): Promise<string> {
    return this.outcome(this.part('save-bar'), this.part('save-seg'), ['saved', 'failed']);
  }

  /** Presses a button and waits for the status that comes of it, not for what an attempt before left there. */
  private async outcome(bar: Locator, button: Locator, states: readonly string[]): Promise<string> {
    const watch = await bar.evaluateHandle(element => {
      const seen = { begun: false };
      new MutationObserver(() => (seen.begun = true)).observe(element, { attributeFilter: ['data-status'] });
      return seen;
    });
    await button.click();
    const timeout = ANALYSIS_TIMEOUT_MS;
    await this.page.waitForFunction(seen => seen.begun, watch, { timeout });
    const ended = bar.and(this.page.locator(states.map(state => `[data-status="${state}"]`).join(', ')));
    await ended.waitFor({ timeout });
    return (await bar.getAttribute('data-status')) ?? '';
  }

  /** What a problem note says, by its code. */
  problem(code: string): Locator {
    return this.root.locator(`[data-cy="problem"][data-code="${code}"]`);
  }

  /** Segment index and voxels of each lesion that counts, those set aside included, by segment. */
  async lesions(): Promise<{ segment: number; voxels: number }[]> {
    await this.root.locator('[data-cy="lesion-row"], [data-cy="doubted"]').first().waitFor({ state: 'attached' });
    const folded = '[data-cy="doubted"] button[aria-expanded="false"]';
    const listed = () =>
      this.root.evaluate(
        (panel, fold) => ({
          isFolded: panel.querySelector(fold) !== null,
          rows: [...panel.querySelectorAll('[data-cy="lesion-row"]')].map(row => ({
            segment: Number(row.getAttribute('data-segment')),
            voxels: Number(row.getAttribute('data-voxels')),
          })),
        }),
        folded
      );
    let { isFolded, rows } = await listed();
    // A result that was read back gets its fold once the masks are there: what counts is a list without one.
    while (isFolded) {
      await this.root.locator(folded).click();
      ({ isFolded, rows } = await listed());
    }
    return rows.sort((one, other) => one.segment - other.segment);
  }

  /** Waits until a person has rejected so many lesions. */
  async untilRejected(count: number): Promise<void> {
    await this.root.locator(`[data-cy="rejected"][data-count="${count}"]`).waitFor({ state: 'attached' });
  }

  /** Voxels of all lesions together. */
  async voxels(): Promise<number> {
    return (await this.lesions()).reduce((sum, { voxels }) => sum + voxels, 0);
  }

  /** Waits until the lesions listed have a number of voxels. @throws Error with the number they have after a minute */
  async untilVoxels(reached: (voxels: number) => boolean): Promise<void> {
    const deadline = Date.now() + VOXELS_TIMEOUT_MS;
    for (let voxels = await this.voxels(); !reached(voxels); voxels = await this.voxels()) {
      if (Date.now() > deadline)
        throw new Error(`The lesions have ${voxels} voxels, which is not what was waited for.`);
      // Rows change their attributes or are made anew: either is a mutation.
      await this.root.evaluate(
        panel =>
          new Promise<void>(resolve => {
            const observer = new MutationObserver(() => (observer.disconnect(), resolve()));
            observer.observe(panel, { subtree: true, childList: true, attributes: true });
            setTimeout(resolve, 1000); // it may have changed between the two looks
          })
      );
    }
  }
}
