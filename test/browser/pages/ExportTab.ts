import type { Download, Page } from 'playwright-core';

import type { SpinePanel } from './SpinePanel';

/** The export tab: options, and files as the browser hands them to the user. */
export class ExportTab {
  constructor(
    private readonly page: Page,
    private readonly panel: SpinePanel
  ) {}

  /** Presses a download button. @returns the files by their names, in the order of the names: two files of one press come in either order */
  async download(kind: string, count = 1): Promise<Map<string, ArrayBuffer>> {
    const downloads: Download[] = [];
    const all = new Promise<void>(resolve => {
      const take = (download: Download) => {
        if (downloads.push(download) < count) return;
        this.page.off('download', take);
        resolve();
      };
      this.page.on('download', take);
    });
    await this.panel.part(`export-${kind}-download`).click();
    await all;
    const files = new Map<string, ArrayBuffer>();
    downloads.sort((one, other) => one.suggestedFilename().localeCompare(other.suggestedFilename()));
    for (const download of downloads) {
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      files.set(download.suggestedFilename(), new Uint8Array(Buffer.concat(chunks)).buffer);
    }
    return files;
  }

  /** The one file of a download. */
  async file(kind: string): Promise<ArrayBuffer> {
    const [file] = (await this.download(kind)).values();
    return file;
  }

  async type(field: 'contour-tolerance' | 'contour-margin', millimetres: string): Promise<void> {
    await this.panel.part(field).fill(millimetres);
  }

  async tick(field: 'contour-clip' | 'contour-bodies', selected = true): Promise<void> {
    await this.panel.part(field).setChecked(selected);
  }

  async chooseType(type: 'BINARY' | 'LABELMAP'): Promise<void> {
    await this.panel.choose('seg-type', type);
  }
}
