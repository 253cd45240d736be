/** Holds or breaks answers of the archive, so that a page can be looked at while it waits. */
import type { Page, Route } from 'playwright-core';

export interface Gate {
  /** Lets everything that waited, and all that follows, through. */
  open(): Promise<void>;
  /** Breaks everything that waited, and all that follows. @param status of HTTP */
  fail(status: number): Promise<void>;
}

/** Holds every request to matching addresses until the gate is opened. @param after lets this many through first */
export async function gate(page: Page, address: RegExp, after = 0): Promise<Gate> {
  const waiting: Route[] = [];
  let passed = 0;
  let settle: ((route: Route) => Promise<void>) | undefined;
  const through = (route: Route) => route.fallback().catch(() => undefined);
  const broken = (status: number) => (route: Route) =>
    route.fulfill({ status, body: 'broken by the test' }).catch(() => undefined);
  await page.route(address, async route => {
    if (route.request().method() !== 'GET' || passed++ < after) return through(route);
    if (settle) return settle(route);
    waiting.push(route);
  });
  const let_ = async (answer: (route: Route) => Promise<void>) => {
    settle = answer;
    await Promise.all(waiting.splice(0).map(answer));
  };
  return { open: () => let_(through), fail: status => let_(broken(status)) };
}
