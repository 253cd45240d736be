/** What can be wrong with files that were read whole: whose they are, what their pixels mean, which vertebra a mask is of. */
import { list, rounded, size } from './words';

/** Two masks one after the other whose levels are not. */
export interface LevelGap {
  readonly upper: string;
  readonly lower: string;
  readonly missing: readonly string[];
  readonly mm: number;
  /** They lie as near to one another as neighbouring vertebrae. */
  readonly neighbours: boolean;
}

interface Named {
  readonly object: string;
}

export const readingErrors = {
  'several-patients': ({ keyword, found }: { readonly keyword: string; readonly found: readonly string[] }) =>
    `The series holds slices of several patients under one SeriesInstanceUID (${keyword} ${found.join(' and ')}). Correct the files at their source and load one patient.`,
  'several-studies': ({ found }: { readonly found: readonly string[] }) =>
    `The series holds slices of several studies under one SeriesInstanceUID (StudyInstanceUID ${found.join(' and ')}). Correct the files at their source and load one study.`,
  'duplicate-instance': ({
    uid,
    objects,
    count,
  }: {
    readonly uid: string;
    readonly objects: readonly string[];
    readonly count: number;
  }) =>
    `${count} different slices have the SOPInstanceUID ${uid} (${list(objects)}), so results could not refer to them. Give each its own at the source.`,
  'no-hounsfield': ({ object, keyword, found }: Named & { readonly keyword: string; readonly found: string }) =>
    `${object} does not hold Hounsfield units: ${keyword} is ${found ? `“${found}”` : 'missing'}. Load the original CT.`,
  'no-negative-hu': ({ object, intercept }: Named & { readonly intercept: number }) =>
    `${object} does not hold Hounsfield units: its pixels are unsigned and RescaleIntercept is ${intercept}, so that nothing is below water. Load the original CT.`,
  'hu-range': ({ lowest, highest }: { readonly lowest: number; readonly highest: number }) =>
    `The values reach from ${rounded(lowest)} to ${rounded(highest)}; these are no Hounsfield units (air is -1000, bone some hundred). Give the CT before it was normalised.`,
  'pixel-alignment': ({ object, high, stored }: Named & { readonly high: number; readonly stored: number }) =>
    `${object} has HighBit ${high} with BitsStored ${stored}, so its pixels are not right-aligned. Convert it, e.g. with gdcmconv.`,
  'colour-ct': ({ object, samples }: Named & { readonly samples: number }) =>
    `${object} has ${samples} samples per pixel; load the original grey-scale CT.`,
  'pixel-fragments': ({ object, found, expected }: Named & { readonly found: number; readonly expected: number }) =>
    `${object} has ${found} compressed fragments for ${expected} frames. Export it again.`,
  'undecodable-pixels': ({ object, reason }: Named & { readonly reason: string }) =>
    `The pixels of ${object} cannot be decompressed: ${reason}. Export it again.`,
  'other-patient': ({ object, found, ct }: Named & { readonly found: string; readonly ct: string }) =>
    `The segmentation “${object}” is of another patient (${found}; the CT is of ${ct}). Choose the one of this patient.`,
  'seg-spacing': ({
    object,
    segMm,
    ctMm,
    series,
  }: Named & { readonly segMm: number; readonly ctMm: number; readonly series: string }) =>
    `The segmentation “${object}” was drawn on slices ${rounded(segMm)} mm apart; those of this CT are ${rounded(ctMm)} mm apart, and every other one would have no mask. Choose the CT it was drawn on (series ${series || 'not named'}).`,
  'level-twice': ({ level, names }: { readonly level: string; readonly names: readonly string[] }) =>
    `${names.map(name => `“${name}”`).join(' and ')} are both ${level}; a vertebra must be one mask. Merge them, or correct one name.`,
  'one-label': ({ label }: { readonly label: number }) =>
    `The masks have the one label ${label}, which does not say which vertebra it is: it may be the first, or one of any level. Name the file like vertebrae_L2.nii.gz, or number the labels by a scheme.`,
  'labels-upside-down': ({ labels, scheme }: { readonly labels: readonly number[]; readonly scheme: string }) =>
    `The labels ${list(labels)} count from head to pelvis the wrong way round for ${scheme}: the masks may lie upside down. Check their orientation against the CT.`,
  'levels-order': ({ upper, lower, mm }: { readonly upper: string; readonly lower: string; readonly mm: number }) =>
    `The mask of ${lower} lies ${Math.round(mm)} mm above that of ${upper}: names or labels are swapped, or another scheme is meant. Correct them.`,
  'masks-turned': ({
    axis,
    hu,
    turnedHu,
  }: {
    readonly axis: 'head-feet' | 'front-back';
    readonly hu: number;
    readonly turnedHu: number;
  }) =>
    `The masks do not lie on the bone of this CT (${Math.round(hu)} HU on average), but would if they were turned over ${axis === 'head-feet' ? 'head to feet' : 'front to back'} (${Math.round(turnedHu)} HU). Check their orientation and write them again.`,
  'level-gap': ({ upper, lower, missing, mm, neighbours }: LevelGap) =>
    `There is no mask of ${list(missing)} between ${upper} and ${lower}, which lie ${Math.round(mm)} mm apart${
      neighbours ? ' as neighbours do: check the levels' : ''
    }.`,
  'masks-overlap': ({
    names,
    voxels,
    owner,
  }: {
    readonly names: readonly string[];
    readonly voxels: number;
    readonly owner: string;
  }) => `Masks overlap: ${names.join(' and ')}: ${voxels} voxels, which were left to ${owner}.`,
  'nifti-forms': ({ apartMm }: { readonly apartMm: number }) =>
    `qform and sform place the image up to ${rounded(apartMm, 1)} mm apart. Set both to the right one and try again.`,
  'nifti-units': ({ unit }: { readonly unit: string }) =>
    `The image gives its lengths in ${unit}. Convert it to millimetres (xyzt_units 2).`,
  'nifti-affine': ({ spacing }: { readonly spacing: readonly number[] }) =>
    `The voxel size ${size(spacing)} mm is not usable. Write the image again with its affine.`,
  'mask-file': ({ name }: { readonly name: string }) =>
    `${name} has other values than 0 and 1; in a folder with a file per vertebra each is one mask.`,
  'no-mask-files': () => 'The folder holds neither a DICOM SEG nor NIfTI files named like vertebrae_L2.nii.gz.',
  'no-such-image': ({
    keyword,
    value,
    found,
  }: {
    readonly keyword: string;
    readonly value: string;
    readonly found: readonly string[];
  }) => `No CT image has ${keyword} “${value}”; found: ${list(found) || 'none'}.`,
  'out-is-file': () => 'It is a file; give a folder to write to.',
  'out-in-input': ({ input }: { readonly input: string }) =>
    `It lies in ${input}, which is read: the results would be taken for input next time. Choose a folder outside.`,
  'foreign-result': ({ names }: { readonly names: readonly string[] }) =>
    `${list(names)} there ${names.length === 1 ? 'is' : 'are'} not of an earlier run, or changed since, or read by this one, and would be replaced. Choose another folder.`,
  'not-writable': ({ reason }: { readonly reason: string }) =>
    `Nothing can be written there: ${reason}. Choose another folder.`,
  'not-written': ({ reason }: { readonly reason: string }) =>
    `The results could not be written: ${reason}. What was there before is as it was; make room or choose another folder, and run it again.`,
} as const;
