import type { Page } from 'playwright-core';
import type { SpinePanel } from './SpinePanel';

/** One row of the burden table, with the numbers before rounding. */
export interface BurdenRow {
  level: string;
  kind: string;
  millilitres: number;
  huMean: number;
  huSd: number;
}

interface HostWindow {
  cornerstone: {
    getRenderingEngines(): {
      getViewports(): { id: string; getCamera(): { focalPoint: [number, number, number] } }[];
    }[];
  };
}

/** The tabs of the panel that read the result: burden, prior, report and export. */
export class FindingsTabs {
  constructor(
    private readonly page: Page,
    private readonly panel: SpinePanel
  ) {}

  async show(tab: 'burden' | 'prior' | 'report' | 'export'): Promise<void> {
    await this.panel.part(`tab-${tab}`).click();
  }

  /** Rows by level and kind; the total is left out. */
  async burden(): Promise<BurdenRow[]> {
    await this.panel.part('burden-table').waitFor();
    return this.panel.root.locator('[data-cy="burden-level"] [data-cy="burden-row"][data-kind]').evaluateAll(rows =>
      rows.map(({ attributes }) => {
        const value = (name: string) => attributes.getNamedItem(name)?.value ?? '';
        return {
          ...{ level: value('data-level'), kind: value('data-kind'), millilitres: Number(value('data-ml')) },
          ...{ huMean: Number(value('data-hu-mean')), huSd: Number(value('data-hu-sd')) },
        };
      })
    );
  }

  /** "T11 blastic grown", from head to pelvis. */
  async changes(): Promise<string[]> {
    await this.panel.part('prior-changes').waitFor();
    return this.panel
      .part('prior-change')
      .evaluateAll(rows =>
        rows.map(row => ['level', 'kind', 'change'].map(name => row.getAttribute(`data-${name}`)).join(' '))
      );
  }

  /** LPS mm in the middle of a viewport; waits until there is such a viewport. */
  async middleOf(viewportId: string): Promise<[number, number, number]> {
    const handle = await this.page.waitForFunction(id => {
      const { cornerstone } = window as unknown as HostWindow;
      const viewport = cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .find(one => one.id === id);
      return viewport?.getCamera().focalPoint;
    }, viewportId);
    return (await handle.jsonValue())!;
  }

  /** Answers one field of the SINS worksheet. @param answer its text in the list */
  async answer(field: string, answer: string): Promise<void> {
    await this.panel.part(`sins-${field}-choice`).click();
    await this.page.getByRole('option', { name: answer, exact: true }).click();
  }

  async confirm(field: string): Promise<void> {
    await this.panel.part(`sins-${field}-confirm`).click();
  }

  /** The text of the downloaded file. */
  async download(kind: 'csv' | 'json'): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.panel.part(`export-${kind}-download`).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }
}
