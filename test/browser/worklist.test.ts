import { writeMrStudy } from '../support/dicomFiles';
import { useViewer } from './support/viewer';

const demo = 'Synthetic phantom spine';

describe('the mode in the viewer', () => {
  const suite = useViewer({
    prepare: (temporary, { study }) => ({ dicomFolders: [study, writeMrStudy(study, `${temporary}/mr`)] }),
  });

  suite.test('is offered for a study with CT, and says why it is not for another', async ({ worklist }) => {
    await worklist.open();
    await worklist.select(demo);
    expect(await worklist.offeredModes()).toContain('Spine Oncology');
    expect(await worklist.reasonNotOffered()).toBe('');

    await worklist.select('MR of the spine');
    const modes = await worklist.offeredModes();
    expect(modes).toContain('Basic Viewer');
    expect(modes).not.toContain('Spine Oncology');
    expect(await worklist.reasonNotOffered()).toBe('Spine Oncology analyses CT; this study has MR.');
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
});
