/** Vertebra masks from NIfTI: one file with a label per vertebra, or a folder with a file per vertebra. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  detectLabelScheme,
  InputError,
  isOtherStructure,
  type Labelmap,
  labelExtents,
  levelFromLabel,
  levelFromName,
  levelOrder,
  type LabelScheme,
  undecidedLabels,
  type VertebraLevel,
  type Volume,
} from '@spine/core';
import { labelsOnGrid } from './grids';
import { isNiftiPath, readNiftiLabelmap } from './nifti';
import type { VertebraChoice, VertebraSource } from './vertebraSource';

/** The NIfTI files of a folder that are named after one vertebra each; undefined when the path is no such folder. */
export function vertebraFiles(path: string): readonly string[] | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const files = readdirSync(path).filter(isNiftiPath).sort();
  return files.length > 0 ? files.filter(file => levelOfFile(file)).map(file => join(path, file)) : undefined;
}

/** TotalSegmentator writes ribs, discs and organs beside vertebrae, and some tools write whole regions ("vertebrae_lumbar"). */
const levelOfFile = (file: string): string | undefined =>
  /rib|disc|dis[ck]|cord|canal/i.test(basename(file))
    ? undefined
    : levelFromName(basename(file).replace(/\.nii(\.gz)?$/i, ''));

/** @throws InputError 'no-mask-files', 'level-twice', 'mask-file', 'empty-mask', and what reading a file throws */
export async function masksOfFolder(folder: string, files: readonly string[], volume: Volume): Promise<VertebraSource> {
  if (files.length === 0) throw new InputError('no-mask-files', {}, { file: folder });
  const labels = new Uint8Array(volume.dims[0] * volume.dims[1] * volume.dims[2]);
  const notes: string[] = [];
  const vertebrae: VertebraChoice[] = [];
  const unused: string[] = [];
  const fileOf = new Map<VertebraLevel, string>();
  for (const file of files) {
    const level = levelOfFile(file)!;
    const before = fileOf.get(level);
    if (before) throw new InputError('level-twice', { level, names: [before, file].map(one => basename(one)) });
    fileOf.set(level, file);
    const label = vertebrae.length + unused.length + 1;
    const mask = labelsOnGrid(await readNiftiLabelmap(file), volume);
    if (labelExtents(mask).size > 1) throw new InputError('mask-file', { name: basename(file) }, { file });
    let voxels = 0;
    const overlap = new Map<VertebraLevel, number>();
    mask.labels.forEach((value, at) => {
      if (value === 0) return;
      const before = vertebrae.find(one => one.label === labels[at]);
      if (before) overlap.set(before.level, (overlap.get(before.level) ?? 0) + 1);
      else labels[at] = label;
      voxels++;
    });
    for (const [first, shared] of overlap) {
      notes.push(new InputError('masks-overlap', { names: [first, level], voxels: shared, owner: first }).message);
    }
    if (voxels > 0) vertebrae.push({ label, level, region: 'vertebra' });
    else unused.push(`${basename(file)}: the mask is empty`);
  }
  if (vertebrae.length === 0) throw new InputError('empty-mask', { mask: folder });
  vertebrae.sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
  const labelmap = { labels, dims: volume.dims, indexToLps: volume.indexToLps };
  return { labelmap, vertebrae, unused, notes };
}

/**
 * @param labelScheme recognised when not given
 * @throws InputError 'empty-mask', 'grid-mismatch', 'ambiguous-labels', 'one-label', 'unexplained-labels', 'unknown-label'
 */
export async function masksOfFile(path: string, volume: Volume, labelScheme?: LabelScheme): Promise<VertebraSource> {
  const labelmap = labelsOnGrid(await readNiftiLabelmap(path), volume);
  const extents = [...labelExtents(labelmap).values()];
  if (extents.length === 0) throw new InputError('empty-mask', { mask: path });
  const named = extents.length === 1 && extents[0].label === 1 && !labelScheme ? levelOfFile(path) : undefined;
  if (named) return { labelmap, vertebrae: [{ label: 1, level: named, region: 'vertebra' }], unused: [] };
  const scheme = labelScheme ?? recognised(extents, path);
  const undecided = labelScheme
    ? []
    : undecidedLabels(
        extents.map(({ label }) => label),
        scheme
      );
  const vertebrae: VertebraChoice[] = [];
  const unused: string[] = [];
  for (const { label } of extents) {
    if (undecided.includes(label)) {
      unused.push(
        `label ${label}: S1 in TotalSegmentator 2, L6 in 3; name --label-scheme totalsegmentator or totalsegmentator-v3`
      );
      continue;
    }
    if (isOtherStructure(label, scheme)) continue;
    const level = levelFromLabel(label, scheme);
    if (level) vertebrae.push({ label, level, region: 'vertebra' });
    else unused.push(`label ${label}: no single vertebra in the ${scheme} scheme`);
  }
  // A scheme in which all labels are organs is not the scheme of these masks.
  if (vertebrae.length + unused.length === 0) {
    throw new InputError('unknown-label', { label: extents[0].label, scheme }, { file: path });
  }
  vertebrae.sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
  return { labelmap: onlyVertebrae(labelmap, vertebrae), vertebrae, unused, undecided };
}

function recognised(extents: Parameters<typeof detectLabelScheme>[0], path: string): LabelScheme {
  try {
    return detectLabelScheme(extents);
  } catch (error) {
    throw error instanceof InputError ? error.in(path) : error;
  }
}

/** Organs and discs of a whole output are no masks of vertebrae. */
function onlyVertebrae(labelmap: Labelmap, vertebrae: readonly VertebraChoice[]): Labelmap {
  const used = new Set(vertebrae.map(({ label }) => label));
  return { ...labelmap, labels: labelmap.labels.map(label => (used.has(label) ? label : 0)) };
}

/** Levels that the label 26 of TotalSegmentator may mean. */
export const undecidedLevels = (undecided: readonly number[]): readonly string[] =>
  undecided.length > 0 ? ['S1', 'L6'] : [];
