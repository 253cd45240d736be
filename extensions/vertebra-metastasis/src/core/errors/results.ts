/** What can keep a result from being made, stored or compared. `reason` is technical English, e.g. "HTTP 507". */

/** What is stored. */
export type StoredObject = 'SEG' | 'RTSTRUCT' | 'SR' | 'file';

interface Stored {
  readonly object: StoredObject;
}
interface Failed extends Stored {
  readonly reason: string;
}

const NAMES: Readonly<Record<StoredObject, string>> = {
  SEG: 'segmentation',
  RTSTRUCT: 'structure set',
  SR: 'measurement report',
  file: 'file',
};
const SAFE = 'Nothing is lost here';

export const resultErrors = {
  'no-result': () => 'There is no result to save; analyse a vertebra first.',
  'no-lesions': () => 'There is no lesion to save or contour; save the result as a segmentation, which says so.',
  'too-many-lesions': ({ found, most }: { readonly found: number; readonly most: number }) =>
    `There would be ${found} lesions; a segmentation holds ${most}. Raise the threshold or the smallest size.`,
  'nothing-between': () =>
    'There is nothing to fill: draw the lesion in two slices with undrawn ones between them, then fill what lies between.',
  'no-provenance': () =>
    'The saved result does not say which model produced it, so it cannot be saved again; analyse the vertebrae again.',
  'unnamed-segment': ({ names }: { readonly names: readonly string[] }) =>
    `The drawn segment ${names.map(name => `“${name}”`).join(', ')} does not say what it is. Rename it to vertebra and kind, for example “T10 lytic”.`,
  'segment-not-named': ({ names }: { readonly names: readonly string[] }) =>
    `The viewer's list of segments has ${names.join(', ')}, which does not say vertebra and kind. What is drawn in it does not count until it is renamed, for example to “T10 lytic”.`,
  'segment-name-kept': ({ names }: { readonly names: readonly string[] }) =>
    `The viewer's list of segments has ${names.join(', ')}. A segment is named by vertebra and kind, for example “T10 lytic”; until then it is saved under the name in brackets.`,
  'tables-not-dicom': () => 'Tables are not DICOM; archives do not take them. Download them.',
  'no-store': ({ object }: Stored) =>
    `This data source cannot store. Open the study from a DICOMweb source that accepts STOW, or download the ${NAMES[object]}.`,
  'store-refused': ({ object, reason }: Failed) =>
    `The archive refused the ${NAMES[object]} (${reason}). ${SAFE}; try again once the archive accepts it.`,
  'store-timeout': ({ object, seconds }: Stored & { readonly seconds: number }) =>
    `The archive did not take the ${NAMES[object]}: no answer within ${seconds} s. ${SAFE}; try again, and check the connection to the archive when it happens again.`,
  'store-unreachable': ({ object, reason }: Failed) =>
    `The connection to the archive broke while the ${NAMES[object]} was sent (${reason}). ${SAFE}; try again once the archive can be reached.`,
  'store-changed': ({ object }: Stored) =>
    `The archive took the ${NAMES[object]} but gives it back changed. ${SAFE}; try again or ask the archive's administrator.`,
  'store-without-review': ({ object }: Stored) =>
    `The archive keeps the ${NAMES[object]} but drops private elements: decisions, marks and worksheets would not come back from it. ${SAFE}; download the file as well, and ask the archive's administrator to keep private elements.`,
  'newer-result': ({ series }: { readonly series: readonly string[] }) =>
    `Saved to this study meanwhile, in another tab or by another reader: ${series.join(', ')}. ${SAFE}: save again to keep both, as the next version, or reload the study to go on from the newer result.`,
  'independent-results': ({ series }: { readonly series: readonly string[] }) =>
    `This study also holds results that were saved independently of the one shown: ${series.join(', ')}.`,
  'review-unreadable': () =>
    'The saved result is shown with its voxels, but its decisions and candidate regions are damaged and could not be read. Analyse the vertebrae again to decide on regions.',
  'store-unverified': ({ object, reason }: Failed) =>
    `The archive took the ${NAMES[object]} but does not give it back (${reason}). ${SAFE}; try again or ask the archive's administrator.`,
  'archive-timeout': ({ seconds }: { readonly seconds: number }) =>
    `The archive gave no answer within ${seconds} s. Check the connection and try again.`,
  'no-wado': () =>
    'This data source cannot hand out DICOM files (WADO-RS), so segmentations cannot be read. Open the study from a DICOMweb source.',
  'seg-unavailable': ({ reason }: { readonly reason: string }) =>
    `The archive did not deliver the segmentation (${reason}). Check the connection and choose it again.`,
  'seg-answer': () => 'The archive answered the request for the segmentation with something else. Try again.',
  'no-patient-id': () => 'This CT has no Patient ID, so earlier studies of the patient cannot be found.',
  'no-query': () => 'This data source cannot be searched for earlier studies. Open the study from a DICOMweb source.',
  'query-failed': ({ reason }: { readonly reason: string }) =>
    `The archive did not answer the search for earlier studies (${reason}). Check the connection and search again.`,
  'prior-ct': () =>
    'The CT of the earlier study is not in the archive, so its segmentation cannot be placed; choose another study.',
  'prior-ct-view': () => 'The viewer could not load the CT of the earlier study; try again.',
} as const;
