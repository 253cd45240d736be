/** Real CT (not in the repository): thick feet-first slices and thin cropped ones become valid, exact segmentations. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ctSeries, ctVolume, decodeFile, encodeDataset, lesionSeg, readLesionSeg, storedPixels } from '@spine/dicom';
import { sharedFolder, skipLine } from '../support/shared';
import { CONTEXT, lesion } from './support/geometries';
import { difference } from './support/masks';
import { readBytes } from './support/readers';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, writeDataset } from './support/tools';

/** Denser than this is cortical bone: any labelmap with real structure will do. */
const CORTICAL_HU = 700;
/** The patient's name in this CT has no component separator; that is how it came. */
const OF_THE_CT = /Retired Person Name form/;

test.each([
  ['crlm-1006', [512, 512, 51], 5],
  ['lidc-0314', [160, 192, 275], 1],
] as const)(
  '%s',
  (name, dims, sliceSpacing) => {
    const source = sharedFolder('ct', name);
    if (!source) return skipLine(`the SEG of ${name}`);
    const files = readdirSync(source).filter(file => file.endsWith('.dcm'));
    const series = ctSeries(files.map(file => decodeFile(readBytes(join(source, file)))));
    expect(series.dims).toEqual(dims);
    expect(series.spacingMm[2]).toBeCloseTo(sliceSpacing, 6);
    const volume = ctVolume(series, storedPixels);
    const labels = Uint8Array.from(volume.hu, hu => (hu > CORTICAL_HU ? 1 : 0));
    const labelmap = { labels, dims: series.dims, indexToLps: series.indexToLps };
    const seg = lesionSeg({ ...CONTEXT, series, labelmap, segments: [lesion(1)] });
    expect(difference(readLesionSeg(decodeFile(encodeDataset(seg)), series).labelmap.labels, labels)).toBe('');
    if (!hasTool('dciodvfy')) return;
    const folder = makeFolder();
    const { errors, warnings } = dciodvfy(writeDataset(folder, 'seg.dcm', seg));
    removeFolder(folder);
    expect(errors).toEqual([]);
    expect(warnings.filter(line => ![...EXPLAINED_WARNINGS, OF_THE_CT].some(known => known.test(line)))).toEqual([]);
  },
  60_000
);
