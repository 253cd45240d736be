import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from '@spine/dicom';
import type { NaturalizedInstance } from '@spine/dicom';
import { decimalString } from '@spine/dicom/identity';
import { run, writeDataset } from './tools';

/** An image as plastimatch writes it: MetaImage with the data inline. */
interface MetaImage {
  readonly dims: number[];
  readonly offset: number[];
  readonly data: Uint8Array;
}

/**
 * Rasterises an RT Structure Set on the CT grid with plastimatch, an independent reader.
 * @returns masks by ROI name, in the order of voxels of plastimatch's own reading of the CT
 */
export function rasterise(folder: string, ct: readonly NaturalizedInstance[], rtstruct: NaturalizedInstance) {
  const ctFolder = join(folder, 'ct');
  mkdirSync(ctFolder, { recursive: true });
  ct.forEach((instance, n) => writeDataset(ctFolder, `${n}.dcm`, inDecimalStrings(instance)));
  const file = writeDataset(folder, 'rtstruct.dcm', rtstruct);
  const masks = join(folder, 'masks');
  run(
    'plastimatch',
    'convert',
    '--input',
    file,
    '--referenced-ct',
    ctFolder,
    '--output-prefix',
    masks,
    '--prefix-format',
    'mha'
  );
  return new Map(readdirSync(masks).map(name => [name.replace(/\.mha$/, ''), readMetaImage(join(masks, name))]));
}

/**
 * Rasterises an RT Structure Set whose structures do not overlap on a block of voxels along the patient's axes.
 * @returns per voxel 0, or one more than the place of its structure in the file
 */
export function rasteriseBlock(
  folder: string,
  file: string,
  block: {
    readonly originLps: readonly number[];
    readonly size: readonly number[];
    readonly spacingMm: readonly number[];
  }
): Uint32Array {
  const output = join(folder, 'labels.mha');
  const [origin, dim, spacing] = [block.originLps, block.size, block.spacingMm].map(values => values.join(' '));
  const grid = ['--origin', origin, '--dim', dim, '--spacing', spacing];
  run('plastimatch', 'convert', '--input', file, ...grid, '--output-labelmap', output);
  return new Uint32Array(readMetaImage(output, 'MET_UINT').data.buffer);
}

/** Positions and directions of an oblique CT in at most 16 characters, so that dcmjs need not warn of cutting them. */
function inDecimalStrings(instance: NaturalizedInstance): NaturalizedInstance {
  const short = (keyword: string) => numbers(instance, keyword).map(decimalString);
  const [ImagePositionPatient, ImageOrientationPatient] = ['ImagePositionPatient', 'ImageOrientationPatient'].map(
    short
  );
  return { ...instance, ImagePositionPatient, ImageOrientationPatient };
}

function readMetaImage(path: string, type = 'MET_UCHAR'): MetaImage {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('ElementDataFile = LOCAL\n') + 'ElementDataFile = LOCAL\n'.length;
  const header = bytes.subarray(0, end).toString('latin1');
  const field = (name: string) => (new RegExp(`^${name} = (.*)$`, 'm').exec(header)?.[1] ?? '').trim();
  if (field('CompressedData') === 'True' || field('ElementType') !== type)
    throw new Error(`unexpected image:\n${header}`);
  return {
    dims: field('DimSize').split(' ').map(Number),
    offset: field('Offset').split(' ').map(Number),
    data: new Uint8Array(bytes.subarray(end)),
  };
}
