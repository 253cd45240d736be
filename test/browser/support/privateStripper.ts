import { decodeFile } from '@spine/dicom';
import type { Page } from 'playwright-core';

import { encodedAgain } from './datasets';

/** From now on the archive drops the private elements of what it is sent, as some do. */
export async function dropPrivateElements(page: Page): Promise<void> {
  await page.route('**/dicomweb/studies**', async route => {
    const body = route.request().postDataBuffer();
    if (route.request().method() !== 'POST' || !body) return route.fallback();
    const start = body.indexOf('\r\n\r\n') + 4;
    const end = body.lastIndexOf('\r\n--');
    const dataset = decodeFile(new Uint8Array(body.subarray(start, end)));
    const plain = Object.entries(dataset).filter(([key]) => !/^[0-9A-F]{8}$/.test(key));
    const file = Buffer.from(encodedAgain(Object.fromEntries(plain)));
    return route.fallback({ postData: Buffer.concat([body.subarray(0, start), file, body.subarray(end)]) });
  });
}
