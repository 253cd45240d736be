import type { Page } from 'playwright-core';

import { violations } from './accessibility';
import { picture, pictureNow } from './pictures';

/**
 * One state of the panel: nothing that axe calls serious, and a picture of it when pictures are made.
 * @param name of the picture @param only 'panel': cut to our panel
 */
export async function seen(page: Page, name: string, only?: 'panel'): Promise<void> {
  expect(await violations(page)).toEqual([]);
  await pictureNow(page, name, only);
}

/** As {@link seen}, with pictures at the three widths of the documentation: for states that take long to reach. */
export async function seenAtAllWidths(page: Page, name: string, only?: 'panel'): Promise<void> {
  expect(await violations(page)).toEqual([]);
  await picture(page, name, only);
}
