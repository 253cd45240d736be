import type { Page } from 'playwright-core';
import type { SpinePanel } from './SpinePanel';

/** One row of the burden table, with the numbers before rounding. */
export interface BurdenRow {
  level: string;
  kind: string;
  millilitres: number;
  huMean: number;
  huSd: number;
  p10: number;
  p90: number;
}

type Place = [number, number, number];
interface HostViewport {
  id: string;
  canvas: HTMLCanvasElement;
  getCamera(): { focalPoint: Place; parallelScale: number };
  getProperties(): { voiRange?: { lower: number; upper: number } };
  setProperties(properties: { voiRange: { lower: number; upper: number } }): void;
  render(): void;
}
interface HostWindow {
  cornerstone: { getRenderingEngines(): { getViewports(): HostViewport[] }[] };
}

const CHANGE_TIMEOUT_MS = 60_000;

/** What a viewport shows: LPS mm in its middle, half the height in mm, grey scale in HU. */
export interface Seen {
  middle: Place;
  scale: number;
  window?: { lower: number; upper: number };
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
          level: value('data-level'),
          kind: value('data-kind'),
          millilitres: Number(value('data-ml')),
          huMean: Number(value('data-hu-mean')),
          huSd: Number(value('data-hu-sd')),
          p10: Number(value('data-hu-p10')),
          p90: Number(value('data-hu-p90')),
        };
      })
    );
  }

  /** "T11 blastic increased", from head to pelvis. */
  async changes(): Promise<string[]> {
    await this.panel.part('prior-changes').waitFor();
    return this.panel
      .part('prior-change')
      .evaluateAll(rows =>
        rows.map(row => ['level', 'kind', 'change'].map(name => row.getAttribute(`data-${name}`)).join(' '))
      );
  }

  /** "T11 blastic" with its volumes in both studies, ml before rounding. */
  volumes(): Promise<{ name: string; prior: number; current: number }[]> {
    return this.panel.part('prior-change').evaluateAll(rows =>
      rows.map(row => ({
        name: `${row.getAttribute('data-level')} ${row.getAttribute('data-kind')}`,
        prior: Number(row.getAttribute('data-prior-ml')),
        current: Number(row.getAttribute('data-current-ml')),
      }))
    );
  }

  /** LPS mm in the middle of a viewport; waits until there is such a viewport. */
  async middleOf(viewportId: string): Promise<Place> {
    await this.page.waitForFunction(
      id =>
        (window as unknown as HostWindow).cornerstone
          .getRenderingEngines()
          .some(engine => engine.getViewports().some(one => one.id === id && one.getCamera().focalPoint)),
      viewportId
    );
    return (await this.seen(viewportId)).middle;
  }

  /** What a viewport shows now. */
  seen(viewportId: string): Promise<Seen> {
    return this.page.evaluate(id => {
      const { cornerstone } = window as unknown as HostWindow;
      const viewport = cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .find(one => one.id === id)!;
      const { focalPoint, parallelScale } = viewport.getCamera();
      return { middle: [...focalPoint] as Place, scale: parallelScale, window: viewport.getProperties().voiRange };
    }, viewportId);
  }

  /** Waits until a viewport shows another place than before. */
  moved(viewportId: string, from: Seen): Promise<Seen> {
    return this.until(viewportId, ({ middle }) =>
      middle.some((value, axis) => Math.abs(value - from.middle[axis]) > 0.1)
    );
  }

  /** Waits until a viewport shows another grey scale than before. */
  rewindowed(viewportId: string, from: Seen): Promise<Seen> {
    return this.until(viewportId, ({ window: now }) => Math.abs(now!.upper - from.window!.upper) > 5);
  }

  /** Cameras have no event that pages outside the viewer could wait for: each look is a frame of the page later. */
  private async until(viewportId: string, reached: (seen: Seen) => boolean): Promise<Seen> {
    const deadline = Date.now() + CHANGE_TIMEOUT_MS;
    for (;;) {
      const now = await this.seen(viewportId);
      if (reached(now)) return now;
      if (Date.now() > deadline) throw new Error(`${viewportId} did not change: ${JSON.stringify(now)}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** Turns the wheel over a viewport, as a person scrolls through slices. @param notches negative: the other way */
  async scroll(viewportId: string, notches: number): Promise<void> {
    await this.point(viewportId);
    for (let n = 0; n < Math.abs(notches); n++) await this.page.mouse.wheel(0, 100 * Math.sign(notches));
  }

  /** Presses a mouse button over a viewport and moves. */
  async drag(viewportId: string, button: 'left' | 'middle' | 'right', by: readonly [number, number]): Promise<void> {
    const { x, y } = await this.point(viewportId);
    await this.page.mouse.down({ button });
    await this.page.mouse.move(x + by[0], y + by[1], { steps: 5 });
    await this.page.mouse.up({ button });
  }

  private async point(viewportId: string): Promise<{ x: number; y: number }> {
    const box = await this.page.locator(`[data-viewport-uid="${viewportId}"]`).first().boundingBox();
    if (!box) throw new Error(`There is no viewport ${viewportId}.`);
    const [x, y] = [box.x + box.width / 2, box.y + 0.4 * box.height];
    await this.page.mouse.move(x, y);
    return { x, y };
  }

  /** What a copy button puts on the clipboard. */
  async copied(button: string): Promise<string> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.panel.part(button).click();
    await this.panel.part(button).filter({ hasText: 'Copied' }).waitFor();
    return this.page.evaluate(() => navigator.clipboard.readText());
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
