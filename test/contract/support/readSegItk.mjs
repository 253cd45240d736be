// Reads DICOM SEG files with ITK-Wasm and prints what it found as JSON: node readSegItk.mjs output.json file.dcm ...
import { writeFileSync } from 'node:fs';
import { readSegmentationNode } from '@itk-wasm/dicom';

const [output, ...files] = process.argv.slice(2);

async function read(file) {
  const { segImage, metaInfo } = await readSegmentationNode(file);
  const { size, spacing, origin, direction, data } = segImage;
  const row = axis => [0, 1, 2].map(column => direction[3 * axis + column] * spacing[column]);
  const voxels = [];
  data.forEach((label, index) => label && voxels.push([index, label]));
  const segments = metaInfo.segmentAttributes.flat().map(segment => ({
    number: segment.labelID,
    label: segment.SegmentLabel,
    algorithm: segment.SegmentAlgorithmType,
    type: segment.SegmentedPropertyTypeCodeSequence.CodeValue,
    modifier: segment.SegmentedPropertyTypeModifierCodeSequence?.CodeValue ?? '',
    region: segment.AnatomicRegionSequence?.CodeValue ?? '',
    trackingUid: segment.TrackingUniqueIdentifier ?? '',
  }));
  const indexToLps = [0, 1, 2].flatMap(axis => [...row(axis), origin[axis]]).concat(0, 0, 0, 1);
  return { dims: size, indexToLps, voxels, segments };
}

const readouts = [];
for (const file of files) readouts.push(await read(file));
writeFileSync(output, JSON.stringify(readouts));
// Its workers would keep the process alive.
process.exit(0);
