/** 24 vertebrae with 60 candidates each: what the panel draws anew, and how long it takes, in the host's own page. */
import { addPanelScript } from './support/panelPage';
import { useViewer } from './support/viewer';

interface Step {
  elements: number;
  ms: number;
}
type Work = Record<'first' | 'hovering' | 'leaving' | 'threshold' | 'started' | 'progress' | 'vertebra', Step>;

describe('the panel with a large review', () => {
  const suite = useViewer({ withoutSearch: true });

  suite.test('draws anew only what a change is about', async ({ page, worklist }) => {
    await worklist.open();
    await addPanelScript(page, 'speedPage.tsx');
    const work = await page.evaluate(() => (globalThis as unknown as { spinePanelSpeed(): Work }).spinePanelSpeed());
    for (const [step, { elements, ms }] of Object.entries(work)) {
      process.stderr.write(`${step}: ${elements} elements, ${ms.toFixed(0)} ms\n`);
    }
    const { first, hovering, leaving, threshold, started, progress, vertebra } = work;
    expect(first.elements).toBeGreaterThan(500);
    // Six images with their outlines; no row of the two tables.
    for (const step of [hovering, leaving]) expect(step.elements).toBeLessThan(0.15 * first.elements);
    for (const step of [started, threshold]) expect(step.elements).toBeLessThan(first.elements);
    expect(progress.elements).toBeLessThan(0.5 * first.elements);
    // Against the first drawing of all, in the same page: it is some 60 times what hovering takes.
    for (const step of [hovering, leaving]) expect(step.ms).toBeLessThan(first.ms);
    for (const step of [threshold, started, progress, vertebra]) expect(step.ms).toBeLessThan(3 * first.ms);
  });
});
