import { bodyFromVertebra, detectLabelScheme, labelExtents, levelFromLabel } from '@spine/core';
import { join } from 'node:path';
import { sharedFolder, skipLine } from '../../test/support/shared';
import { readNiftiLabelmap } from './nifti';

/** Whole-vertebra masks with body masks made by other software; vertebrae cut by the scan's border are left out. */
const CASES = [
  {
    folder: 'totalsegmentator-example',
    truth: 'vertebral-bodies.nii.gz',
    isBody: (label: number) => label === 1,
    levels: ['L1', 'L2', 'L3', 'L4', 'L5', 'S1'],
  },
  {
    folder: 'tptbox-l3',
    truth: 'subregions.nii.gz',
    isBody: (label: number) => label === 49 || label === 50,
    levels: ['L3'],
  },
];

describe.each(CASES)('real vertebrae of $folder', ({ folder, truth, isBody, levels }) => {
  const path = sharedFolder('ct', folder);
  if (!path) {
    skipLine(`body cut on ${folder}`);
    test.skip('needs the shared CTs', () => undefined);
    return;
  }
  test('are cut to the body as segmented by others', async () => {
    const vertebrae = await readNiftiLabelmap(join(path, 'vertebrae.nii.gz'));
    const bodies = await readNiftiLabelmap(join(path, truth));
    const extents = labelExtents(vertebrae);
    const scheme = detectLabelScheme(extents.values());
    const dice = new Map<string, number>();
    for (const [label, extent] of extents) {
      const level = levelFromLabel(label, scheme);
      if (!level || !levels.includes(level)) continue;
      const cut = bodyFromVertebra(vertebrae, label, extent);
      let trueVoxels = 0;
      vertebrae.labels.forEach((other, at) => (trueVoxels += other === label && isBody(bodies.labels[at]) ? 1 : 0));
      const both = cut.reduce((sum, offset) => sum + (isBody(bodies.labels[offset]) ? 1 : 0), 0);
      dice.set(level, (2 * both) / (cut.length + trueVoxels));
    }
    expect([...dice.keys()].sort()).toEqual(levels);
    for (const value of dice.values()) expect(value).toBeGreaterThan(0.94);
  });
});
