/** What can be wrong with a CT: its series, its slices, its grid. Lengths in mm; slices are counted from 1. */
import { list, rounded, size } from './words';

interface SliceGap {
  /** The gap follows this slice. */
  readonly slice: number;
  /** Positions along the stack of the slices before and after. */
  readonly fromMm: number;
  readonly toMm: number;
  /** Distance of the other slices. */
  readonly spacingMm: number;
}

interface Mixed {
  readonly keyword: string;
  readonly values: readonly string[];
}

const gap = ({ slice, fromMm, toMm }: SliceGap): string =>
  `between slices ${slice} and ${slice + 1} (${rounded(fromMm)} and ${rounded(toMm)} mm)`;

const mixed =
  (what: string) =>
  ({ keyword, values }: Mixed): string =>
    `The series mixes ${what} (${keyword}: ${values.join(' and ')}). Choose one uniform axial series.`;

export const ctErrors = {
  'no-ct': () => 'There is no CT image to analyse. Load a study with an axial CT series.',
  'no-ct-in-study': ({ modalities }: { readonly modalities: readonly string[] }) =>
    `This study has no CT images (found: ${list(modalities)}). The method is defined for CT only; open a study with an axial CT series.`,
  'other-series-shown': ({ series }: { readonly series: string }) =>
    `The viewports do not show the CT that is analysed (${series}).`,
  'slices-missing': ({ missing, total }: { readonly missing: number; readonly total: number }) =>
    `${missing} of ${total} slices could not be loaded. The images show gaps there, or copies of neighbouring slices.`,
  'multi-frame-ct': ({
    object,
    frames,
    groups,
  }: {
    readonly object: string;
    readonly frames: number;
    readonly groups: number;
  }) => `${object} is a multi-frame CT of ${frames} frames that describes ${groups} of them. Export it again.`,
  'not-ct': ({ object, found }: { readonly object: string; readonly found: string }) =>
    `${object} is not a CT image (${found}). The method is defined for CT only.`,
  'mixed-series': mixed('several series'),
  'mixed-geometry': mixed('image sizes or pixel spacings'),
  'mixed-orientation': mixed('image orientations'),
  'mixed-frame-of-reference': mixed('frames of reference'),
  'mixed-scaling': ({ scaled, total }: { readonly scaled: number; readonly total: number }) =>
    `The viewer rescaled ${scaled} of ${total} slices to Hounsfield units; reload the study.`,
  'bad-orientation': ({ values }: { readonly values: readonly number[] }) =>
    `ImageOrientationPatient ${values.join('\\')} is not a pair of orthogonal unit vectors. Export the series again.`,
  'bad-pixel-spacing': ({ values }: { readonly values: readonly number[] }) =>
    `PixelSpacing ${values.join('\\')} is not positive. Export the series again.`,
  'too-few-slices': ({ found, needed }: { readonly found: number; readonly needed: number }) =>
    `The CT has ${found} slice(s); at least ${needed} are needed. Load the complete axial series.`,
  'not-axial': () => 'The series is not axial (sagittal or coronal images). Choose the axial CT series.',
  'no-frame-of-reference': () =>
    'The CT series has no FrameOfReferenceUID, so results could not be placed. Export the series again.',
  /** `differ`: "AcquisitionNumber 1 (51), 2 (51)"; '' when in nothing known. */
  'duplicate-positions': ({ alongMm, differ }: { readonly alongMm: number; readonly differ: string }) =>
    `Two CT slices lie at the same position, ${rounded(alongMm)} mm along the stack: the series holds two phases or reconstructions${differ ? ` (${differ} slices)` : ''}. Choose one.`,
  'missing-slices': ({ count, ...where }: SliceGap & { readonly count: number }) =>
    `${count} CT slice(s) are missing ${gap(where)}; the spacing is ${rounded(where.spacingMm)} mm. Load the complete series.`,
  'uneven-slices': ({ gapMm, ...where }: SliceGap & { readonly gapMm: number }) =>
    `The CT slices are unevenly spaced: ${rounded(gapMm)} mm ${gap(where)}, ${rounded(where.spacingMm)} mm elsewhere. Choose an evenly spaced reconstruction.`,
  'gantry-tilt': ({ degrees }: { readonly degrees: number }) =>
    `The CT slices are sheared by ${rounded(degrees, 1)} degrees (gantry tilt). Use a reconstruction without tilt.`,
  'image-missing': ({ uid, reason }: { readonly uid: string; readonly reason: string }) =>
    `CT slice ${uid} could not be loaded (${reason}). Check the archive and try again.`,
  'slice-mapping': () =>
    'The viewer lists slices that are not those of the CT series; reload the study and analyse again.',
  'slice-unplaced': ({ object }: { readonly object: string }) =>
    `The viewer knows no position for ${object}; reload the study.`,
  'bad-dimensions': ({ voxels, dims }: { readonly voxels: number; readonly dims: readonly number[] }) =>
    `The volume has ${voxels} voxels but its size says ${size(dims)}. Load the series again.`,
  'slice-positions': ({ positions, slices }: { readonly positions: number; readonly slices: number }) =>
    `${positions} slice positions were given for ${slices} slices.`,
  'bad-affine': ({ affine }: { readonly affine: readonly number[] }) =>
    `The volume's index-to-LPS matrix is not usable: [${list(affine)}]. Choose another series.`,
  'grid-mismatch': ({ masks, ct }: { readonly masks: readonly number[]; readonly ct: readonly number[] }) =>
    `The masks (${size(masks)}) do not lie on the CT's voxel grid (${size(ct)})${size(masks) === size(ct) ? ': their size is the same, but not their place or direction' : ''}; use masks made on this CT, or resample them to it.`,
} as const;
