/** OHIF 3.14.0-beta.6 as npm has it, assembled: opens, analyses, saves, reloads. `npm run test:deploy` only. */
import { join } from 'node:path';

import { assemble } from '../../viewer/src/assemble';
import { bundleName } from '../../viewer/src/assemble/hostBundle';
import { publishedHost } from '../../viewer/src/assemble/publishedHost';
import { DEMO } from '../browser/support/analysedStudy';
import { analyseOneSlice } from '../browser/support/quickAnalysis';
import { useViewer } from '../browser/support/viewer';
import { soon } from '../browser/support/soon';

const timeoutMs = 900_000;

describe('OHIF 3.14.0-beta.6, assembled', () => {
  let host: string;
  const suite = useViewer({
    prepare: temporary => {
      host = publishedHost('3.14.0-beta.6');
      const dist = join(temporary, 'viewer');
      assemble({ target: dist, host: join(host, 'package.json') });
      return { dist };
    },
  });

  suite.test(
    'opens, analyses, saves and reloads',
    async test => {
      const { page, panel, log } = test;
      await analyseOneSlice(test, DEMO, 'T11');
      await soon(() => page.locator('script[src*="app.bundle"]').getAttribute('src')).toBe(
        `/${bundleName(join(host, 'dist'))}`
      );
      const found = await panel.lesions();
      expect(found.length).toBeGreaterThan(0);
      expect(await panel.save()).toBe('saved');
      await page.reload();
      await soon(() => panel.lesions()).toEqual(found);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
