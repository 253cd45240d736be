import type { Page } from 'playwright-core';

/** What the mode draws over the viewports: names of vertebrae and outlines of lesions. */
export class ViewportMarks {
  constructor(protected readonly page: Page) {}

  /** Names of vertebrae in a viewport, from top to bottom; the one selected is marked. */
  async levelLabels(viewportId: string): Promise<string[]> {
    const signs = this.page.locator(`[data-viewport-uid="${viewportId}"] [data-cy="level-label"]:visible`);
    await signs.first().waitFor();
    return signs.evaluateAll(found =>
      found
        .map(sign => ({ sign: sign as HTMLElement, top: sign.getBoundingClientRect().top }))
        .sort((a, b) => a.top - b.top)
        .map(({ sign: { dataset } }) => `${dataset.level}${dataset.current === 'true' ? ' current' : ''}`)
    );
  }

  /** Names of vertebrae with their middle height, CSS pixels from the top of the viewport, whose height comes along. */
  async labelPlaces(viewportId: string): Promise<{ level: string; y: number; height: number }[]> {
    const signs = this.page.locator(`[data-viewport-uid="${viewportId}"] [data-cy="level-label"]:visible`);
    await signs.first().waitFor();
    return signs.evaluateAll(found =>
      found.map(sign => {
        const [own, around] = [sign.getBoundingClientRect(), sign.parentElement!.getBoundingClientRect()];
        const level = (sign as HTMLElement).dataset.level!;
        return { level, y: (own.top + own.bottom) / 2 - around.top, height: around.height };
      })
    );
  }

  async clickLevel(viewportId: string, level: string): Promise<void> {
    await this.page
      .locator(`[data-viewport-uid="${viewportId}"] [data-cy="level-label"][data-level="${level}"]`)
      .click();
  }

  /** Clicks on the line of a candidate, where no other line is near. @param key of the candidate */
  async clickOutline(viewportId: string, key: string): Promise<void> {
    const place = await this.page.evaluate(
      ([id, wanted]) => {
        const layer = document.querySelector(`[data-viewport-uid="${id}"] [data-cy="candidate-outlines"]`)!;
        const lines = [...layer.querySelectorAll<SVGPathElement>('path[data-key]')].map(line => ({
          mine: line.dataset.key === wanted,
          points: [...(line.getAttribute('d') ?? '').matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [+x, +y]),
        }));
        const others = lines.filter(({ mine }) => !mine).flatMap(({ points }) => points);
        const room = ([x, y]: number[]) => Math.min(...others.map(([a, b]) => Math.hypot(a - x, b - y)));
        const [best] = lines
          .filter(({ mine }) => mine)
          .flatMap(({ points }) => points)
          .sort((a, b) => room(b) - room(a));
        const { left, top } = layer.getBoundingClientRect();
        return best && { x: left + best[0], y: top + best[1] };
      },
      [viewportId, key] as const
    );
    if (!place) throw new Error(`No line of ${key} in ${viewportId}.`);
    await this.page.mouse.click(place.x, place.y);
  }
}
