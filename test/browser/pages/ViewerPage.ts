import type { Dialog, Page } from 'playwright-core';

import type { HostWindow } from './hostWindow';
import { ViewportMarks } from './ViewportMarks';

/** Display set of a SEG; the rest is there once it is loaded. */
interface HostSeg {
  load(options: { headers: object }): Promise<unknown>;
  labelMapImages: { getPixelData(): Uint8Array }[][];
  segMetadata: { data: ({ SegmentLabel: string } | undefined)[] };
}

/** The viewer in a mode. */
export class ViewerPage extends ViewportMarks {
  constructor(
    page: Page,
    private readonly url: string
  ) {
    super(page);
  }

  /** Opens the mode by its address, as a link from another system would. */
  async open(studyUid: string, query = ''): Promise<void> {
    await this.page.goto(`${this.url}/spine-oncology?StudyInstanceUIDs=${studyUid}${query}`);
  }

  /** Waits until a viewport has drawn an image: cornerstone's own signal and pixels that differ on its canvas. */
  async waitForImage(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { cornerstone } = window as unknown as Partial<HostWindow>;
      const viewports = cornerstone?.getRenderingEngines().flatMap(engine => engine.getViewports()) ?? [];
      return viewports.some(viewport => {
        if (viewport.viewportStatus !== 'rendered') return false;
        const { width, height } = viewport.canvas;
        const pixels = viewport.canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        const shades = new Set<number>();
        for (let i = 0; i < pixels.length && shades.size < 16; i += 4 * 97) shades.add(pixels[i]);
        return shades.size >= 16;
      });
    });
  }

  /** Image ids shown by the viewports, in their order. */
  imageIds(): Promise<string[]> {
    return this.page.evaluate(() =>
      (window as unknown as HostWindow).cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .map(viewport => viewport.getCurrentImageId?.() ?? '')
    );
  }

  /** `data-cy` names of the tabs of the right-hand side panel, from left to right. */
  rightPanelTabs(): Promise<string[]> {
    return this.page
      .locator('[data-cy="side-panel-header-right"]')
      .locator('xpath=../..')
      .locator('[data-cy$="-btn"]')
      .evaluateAll(tabs => tabs.map(tab => tab.getAttribute('data-cy') ?? ''));
  }

  /** Description of the series in each viewport, in their order. */
  hanging(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { viewportGridService, displaySetService } = (window as unknown as HostWindow).services;
      return [...viewportGridService.getState().viewports.values()].map(({ displaySetInstanceUIDs: [uid] }) =>
        uid ? (displaySetService.getDisplaySetByUID(uid)?.SeriesDescription ?? '') : ''
      );
    });
  }

  /** Waits until these series hang. */
  async untilHanging(...descriptions: string[]): Promise<void> {
    await this.page.waitForFunction(wanted => {
      const { viewportGridService, displaySetService } = (window as unknown as HostWindow).services ?? {};
      const shown = [...(viewportGridService?.getState().viewports.values() ?? [])].map(
        ({ displaySetInstanceUIDs: [uid] }) => displaySetService.getDisplaySetByUID(uid)?.SeriesDescription
      );
      return shown.join() === wanted;
    }, descriptions.join());
  }

  /** Puts a series into a viewport, as dropping its thumbnail there does. */
  async hang(viewportId: string, description: string): Promise<void> {
    await this.page.evaluate(
      ([id, wanted]) => {
        const { viewportGridService, displaySetService } = (window as unknown as HostWindow).services;
        const { displaySetInstanceUID } = displaySetService
          .getActiveDisplaySets()
          .find(({ SeriesDescription }) => SeriesDescription === wanted)!;
        return viewportGridService.setDisplaySetsForViewports([
          { viewportId: id, displaySetInstanceUIDs: [displaySetInstanceUID] },
        ]);
      },
      [viewportId, description] as const
    );
  }

  /** The pixels of a viewport as a number: the same picture, the same number. */
  async pictureOf(viewportId: string, lps: readonly [number, number, number]): Promise<number> {
    await this.placeOf(viewportId, lps);
    return this.page.evaluate(async id => {
      const viewport = (window as unknown as HostWindow).cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .find(one => one.id === id)!;
      // Drawn with the next frame.
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const { width, height } = viewport.canvas;
      const pixels = viewport.canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
      let sum = 7;
      for (let at = 0; at < pixels.length; at += 4) sum = (sum * 31 + pixels[at]) | 0;
      return sum;
    }, viewportId);
  }

  /** What the host's own loader makes of a SEG of the study: its segments with the voxels of each. */
  loadedSegments(description: string): Promise<{ label: string; voxels: number }[]> {
    return this.page.evaluate(async wanted => {
      const { displaySetService } = (window as unknown as HostWindow).services;
      const own = displaySetService.getActiveDisplaySets().find(one => one.SeriesDescription === wanted);
      const set = own as unknown as HostSeg;
      await set.load({ headers: {} });
      const counts: number[] = [];
      for (const image of set.labelMapImages.flat()) {
        for (const label of image.getPixelData()) counts[label] = (counts[label] ?? 0) + 1;
      }
      return set.segMetadata.data.flatMap((segment, number) =>
        segment ? [{ label: segment.SegmentLabel, voxels: counts[number] ?? 0 }] : []
      );
    }, description);
  }

  /** Opens the host's segmentation panel in the place of ours. */
  async showOtherRightPanel(): Promise<void> {
    const [, other] = await this.rightPanelTabs();
    await this.page.locator(`[data-cy="${other}"]`).click();
  }

  async showSpinePanel(): Promise<void> {
    await this.page.locator('[data-cy="vertebraMetastasis-btn"]').click();
  }

  /** Collapses the right side panel, or opens it. */
  async toggleRightPanel(): Promise<void> {
    await this.page.locator('[data-cy="side-panel-header-right"]').click();
  }

  /** Deletes the lesions' segmentation, as the host's segmentation panel does. */
  async removeLesions(): Promise<void> {
    await this.page.evaluate(() => {
      const { segmentationService } = (window as unknown as HostWindow).services;
      const ours = segmentationService
        .getSegmentations()
        .find(({ segmentationId }) => segmentationId.startsWith('spine-oncology-lesions-'));
      segmentationService.remove(ours!.segmentationId);
    });
  }

  /** Draws a short stroke with the host's circular brush in the middle of a viewport. */
  async paint(viewportId: string): Promise<void> {
    await this.choose(viewportId);
    await this.page.evaluate(() => {
      const { commandsManager } = window as unknown as {
        commandsManager: { runCommand(name: string, o: object): void };
      };
      commandsManager.runCommand('setToolActive', { toolName: 'CircularBrush', toolGroupId: 'mpr' });
    });
    await this.stroke(viewportId);
  }

  /**
   * Makes a viewport the active one: the host takes the first press in another for that. Not by a click, which a busy page
   * can handle after the next tool was chosen, and then paints with it.
   */
  async choose(viewportId: string): Promise<void> {
    await this.page.evaluate(
      id => (window as unknown as HostWindow).services.viewportGridService.setActiveViewportId(id),
      viewportId
    );
    await this.page.waitForFunction(
      id => (window as unknown as HostWindow).services.viewportGridService.getActiveViewportId() === id,
      viewportId
    );
  }

  /** A short drag with the tool that is on, in the middle of the active viewport. */
  async stroke(viewportId: string): Promise<void> {
    const { x, y } = await this.middleOf(viewportId);
    await this.page.mouse.move(x - 2, y);
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + 10, y + 4, { steps: 4 });
    await this.page.mouse.up();
  }

  private async middleOf(viewportId: string): Promise<{ x: number; y: number }> {
    const box = await this.page.locator(`[data-viewport-uid="${viewportId}"]`).first().boundingBox();
    if (!box) throw new Error(`There is no viewport ${viewportId}.`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Shows a place in a viewport. @param lps mm @returns where it is on the page, CSS pixels */
  async placeOf(viewportId: string, lps: readonly [number, number, number]): Promise<{ x: number; y: number }> {
    return this.page.evaluate(
      ([id, point]) => {
        const viewport = (window as unknown as HostWindow).cornerstone
          .getRenderingEngines()
          .flatMap(engine => engine.getViewports())
          .find(one => one.id === id)!;
        viewport.jumpToWorld(point);
        viewport.render();
        const { left, top } = viewport.canvas.getBoundingClientRect();
        const [x, y] = viewport.worldToCanvas(point);
        return { x: left + x, y: top + y };
      },
      [viewportId, [...lps] as [number, number, number]] as const
    );
  }

  /** Where places lie in a viewport as it is, CSS pixels. @param lps mm */
  canvasPlaces(
    viewportId: string,
    lps: readonly (readonly [number, number, number])[]
  ): Promise<{ x: number; y: number }[]> {
    return this.page.evaluate(
      ([id, places]) => {
        const viewport = (window as unknown as HostWindow).cornerstone
          .getRenderingEngines()
          .flatMap(engine => engine.getViewports())
          .find(one => one.id === id)!;
        return places.map(place => {
          const [x, y] = viewport.worldToCanvas([...place]);
          return { x, y };
        });
      },
      [viewportId, lps] as const
    );
  }

  /** What the viewports look at: the place in their middle, LPS mm, and the height of what is seen. */
  cameras(): Promise<{ id: string; middle: number[]; millimetres: number }[]> {
    return this.page.evaluate(() =>
      (window as unknown as HostWindow).cornerstone
        .getRenderingEngines()
        .flatMap(engine => engine.getViewports())
        .map(own => {
          const { id } = own;
          const middle = own.canvasToWorld([own.canvas.clientWidth / 2, own.canvas.clientHeight / 2]);
          return {
            id,
            middle: middle.map(mm => Number(mm.toFixed(2))),
            millimetres: Number((2 * own.getCamera().parallelScale).toFixed(2)),
          };
        })
    );
  }

  /** The same once nothing glides any more. */
  async stillCameras(): Promise<Awaited<ReturnType<ViewerPage['cameras']>>> {
    for (let before = ''; ; ) {
      const now = await this.cameras();
      if (JSON.stringify(now) === before) return now;
      before = JSON.stringify(now);
      await this.page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    }
  }

  /** Leaves the mode by the host's arrow and waits for the study list; the question about unsaved work is answered with yes. */
  async backToWorklist(): Promise<void> {
    const leave = (dialog: Dialog) => void dialog.accept().catch(() => undefined);
    this.page.on('dialog', leave);
    await this.page.locator('[data-cy="return-to-work-list"]').click();
    await this.page.getByText('Study List').first().waitFor();
    this.page.off('dialog', leave);
  }
}
