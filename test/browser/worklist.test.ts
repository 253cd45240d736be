import { writeMrStudy } from '../support/dicomFiles';
import { SMALL_WINDOW, useViewer } from './support/viewer';
import { soon } from './support/soon';

const demo = 'Synthetic phantom spine';

describe('the mode in the viewer', () => {
  const suite = useViewer({
    withoutSearch: true,
    window: SMALL_WINDOW,
    prepare: (temporary, { study }) => ({ dicomFolders: [study, writeMrStudy(study, `${temporary}/mr`)] }),
  });

  suite.test('is offered for a study with CT, and says why it is not for another', async ({ worklist }) => {
    await worklist.open();
    await worklist.select(demo);
    await soon(() => worklist.offeredModes()).toContain('Spine Oncology');
    await soon(() => worklist.reasonNotOffered()).toBe('');

    await worklist.select('MR of the spine');
    const modes = await worklist.offeredModes();
    expect(modes).toContain('Basic Viewer');
    expect(modes).not.toContain('Spine Oncology');
    await soon(() => worklist.reasonNotOffered()).toBe('Spine Oncology analyses CT; this study has MR.');
  });

  suite.test(
    'opens from the list with the CT drawn and its panel first on the right',
    async ({ worklist, viewer, panel, log }) => {
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitFor();
      await viewer.waitForImage();

      const [first] = await viewer.rightPanelTabs();
      expect(first).toBe('vertebraMetastasis-btn');
      expect(log.errors).toEqual([]);
    }
  );

  suite.test('goes back to the list and opens again', async ({ page, worklist, viewer, panel, log }) => {
    await worklist.open();
    await worklist.select(demo);
    await worklist.openMode('Spine Oncology');
    await panel.waitFor();
    await viewer.waitForImage();
    await viewer.backToWorklist();
    await worklist.select(demo);
    await worklist.openMode('Spine Oncology');
    await panel.waitFor();
    await viewer.waitForImage();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(log.errors).toEqual([]);
  });

  suite.test('may load and run nothing that is not its own', async ({ page, worklist, log }) => {
    await worklist.open();
    expect(log.errors).toEqual([]);
    const foreign = 'https://example.org/';
    const refused = await page.evaluate(async address => {
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        seen.push(`${effectiveDirective} ${blockedURI}`)
      );
      const attempts: (() => unknown)[] = [
        () => (0, eval)('1'),
        () => new Function('return 1')(),
        () => fetch(address).catch(() => undefined),
        () => new WebSocket('wss://example.org/'),
        () => document.head.append(Object.assign(document.createElement('script'), { src: address })),
        () => document.head.append(Object.assign(document.createElement('script'), { text: 'window.inline = 1' })),
        () => document.body.append(Object.assign(document.createElement('img'), { src: address })),
        () => document.body.append(Object.assign(document.createElement('iframe'), { src: address })),
        () => document.body.append(Object.assign(document.createElement('object'), { data: address })),
        () => document.head.append(Object.assign(document.createElement('base'), { href: address })),
        () =>
          new Promise<void>(resolve => {
            const script = `fetch('${address}').catch(() => postMessage('refused'))`;
            new Worker(URL.createObjectURL(new Blob([script]))).onmessage = ({ data }) => {
              seen.push(`worker ${String(data)}`);
              resolve();
            };
          }),
      ];
      await new Promise(resolve => setTimeout(resolve)); // while a debugger's call runs, eval is allowed
      for (const attempt of attempts) {
        try {
          await attempt();
        } catch {
          // what counts is the event
        }
      }
      await new Promise(resolve => setTimeout(resolve, 500));
      return seen;
    }, foreign);
    expect(refused.sort()).toEqual([
      'base-uri https://example.org/',
      'connect-src https://example.org/',
      'connect-src wss://example.org/',
      'frame-src https://example.org',
      'img-src https://example.org/',
      'object-src https://example.org',
      'script-src eval',
      'script-src eval',
      'script-src-elem https://example.org/',
      'script-src-elem inline',
      'worker refused',
    ]);
    expect(await page.evaluate(() => 'inline' in window)).toBe(false);
  });
});
