/** What can be wrong with a DICOM object. `object` names it, e.g. "CT instance 1.2.3"; frames and slices are counted from 1. */
import { list, rounded } from './words';

interface Named {
  readonly object: string;
}

/** Where a file is cut off: in its pixels, its deflated data set, an element (its tag where that is known), or before its pixels. */
interface Cut {
  readonly within: string;
  /** Bytes; 0 when not known. */
  readonly missing: number;
}

const PARTS: Readonly<Record<string, string>> = {
  pixels: 'its pixel data',
  deflated: 'its deflated data set',
  element: 'an element',
};

export const dicomErrors = {
  'not-dicom': ({ reason }: { readonly reason: string }) => `It is not readable as DICOM: ${reason}.`,
  'no-transfer-syntax': () =>
    'Its file meta information names no TransferSyntaxUID, so its bytes could be read in several ways; export it again.',
  truncated: ({ within, missing }: Cut) => {
    const where =
      within === 'end'
        ? 'It ends before its pixel data'
        : `It is cut off within ${PARTS[within] ?? `element ${within}`}`;
    return `${where}${missing > 0 ? ` (${missing} bytes are missing)` : ''}; copy or export it again.`;
  },
  'missing-attribute': ({ object, keyword }: Named & { readonly keyword: string }) =>
    `${keyword} is missing in ${object}; export the series again.`,
  'bad-number': ({
    object,
    keyword,
    count,
    found,
  }: Named & { readonly keyword: string; readonly count: number; readonly found: string }) =>
    `${keyword} of ${object} is “${found}”; DICOM writes ${count === 1 ? 'a number' : `${count} numbers`} there, with a decimal point. Export the series again or correct the element.`,
  'no-pixel-data': ({ object }: Named) =>
    `${object} has no pixel data here; load the whole object, not only its header.`,
  'compressed-pixel-data': ({ object, transferSyntax }: Named & { readonly transferSyntax: string }) =>
    `${object} is compressed (transfer syntax ${transferSyntax}). Decompress it first, e.g. with dcmdjpeg, dcmdjpls or gdcmconv --raw.`,
  'bits-allocated': ({
    object,
    bits,
    allowed,
  }: Named & { readonly bits: number; readonly allowed: readonly number[] }) =>
    `${object} has BitsAllocated ${bits}; only ${list(allowed)} can be read. Export it again.`,
  'pixel-data-length': ({ object, found, expected }: Named & { readonly found: number; readonly expected: number }) =>
    `${object} has pixel data of length ${found}, ${expected} expected; the file is truncated or its header wrong. Export it again.`,
  'bad-rle': ({ planes, expected }: { readonly planes: number; readonly expected: number }) =>
    `An RLE frame has ${planes} byte planes, ${expected} expected. Export the object again, uncompressed.`,
  'truncated-rle': () => 'An RLE frame ends early; the file is truncated. Export the object again.',
  'not-seg': ({ object }: Named) => `${object} is not a DICOM segmentation. Give the SEG of the vertebrae.`,
  'frame-of-reference': ({ object, found, ct }: Named & { readonly found: string; readonly ct: string }) =>
    `The segmentation “${object}” belongs to another frame of reference (${found || 'none'}; the CT has ${ct}). Choose the CT it was drawn on.`,
  'frame-without-segment': ({ object, frame }: Named & { readonly frame: number }) =>
    `Frame ${frame} of ${object} names no segment. Export the segmentation again.`,
  'seg-grid': ({ frame, voxel }: { readonly frame: number; readonly voxel: readonly number[] }) =>
    `Frame ${frame} of the segmentation does not coincide with the CT grid (voxel ${list(voxel.map(value => rounded(value)))}). Resample the segmentation to this CT, or choose the CT it was drawn on.`,
  'seg-voxel-size': ({ frame }: { readonly frame: number }) =>
    `Frame ${frame} of the segmentation has another voxel size than the CT. Resample it to this CT.`,
  'seg-frame-unplaced': ({ object, frame }: Named & { readonly frame: number }) =>
    `Frame ${frame} of ${object} has no position and refers to no slice of this CT. Choose the CT it was drawn on.`,
  'seg-outside': ({ object }: Named) =>
    `A voxel of ${object} lies outside the CT volume. Choose the CT it was drawn on.`,
  'not-our-seg': ({ object }: Named) => `${object} holds no lytic or blastic lesion written by this software.`,
  'changed-segment': ({ segment, label }: { readonly segment: number; readonly label: string }) =>
    `Segment ${segment} “${label}” has no kind or vertebra; it was changed by other software.`,
  'segment-numbers': ({ found }: { readonly found: readonly number[] }) =>
    `Segments must be numbered from 1 without gaps, found ${list(found)}.`,
  'segment-undescribed': ({ value, segments }: { readonly value: number; readonly segments: number }) =>
    `The labelmap holds the value ${value}, but only ${segments} segments are described.`,
  'segment-empty': ({ segment }: { readonly segment: string }) =>
    `${segment} has no voxels; save the segmentation again.`,
  'segment-not-saved': ({ segment }: { readonly segment: string }) =>
    `${segment} is not in the saved segmentation; save the segmentation again.`,
  'too-large': ({ bytes }: { readonly bytes: number }) =>
    `The segmentation has ${bytes} bytes of pixels; DICOM elements hold up to 4 GB. Save it as LABELMAP.`,
  'contour-too-long': ({ slice }: { readonly slice: number }) =>
    `A contour on slice ${slice} has too many points for DICOM; smooth the region.`,
  'contour-options': ({ marginMm, toleranceMm }: { readonly marginMm: number; readonly toleranceMm: number }) =>
    `A margin of ${rounded(marginMm)} mm or a tolerance of ${rounded(toleranceMm)} mm is out of range (0 to 50 and 0 to 5 mm).`,
} as const;
