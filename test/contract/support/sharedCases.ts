/** What each script of ../shared/cases must give; its README says the same in words. */

export interface SharedCase {
  /**
   * same: the plain run's P and voxels. read: exit code 0, and what `check` of the test asks. refuse: exit code 3 and nothing
   * written.
   */
  readonly gives: 'same' | 'read' | 'refuse';
  /** The code of the refusal. */
  readonly code?: string;
  /** What the message must name: cause, place, remedy. Of a read case: the notes. */
  readonly says?: readonly RegExp[];
  readonly only?: string;
  readonly options?: readonly string[];
  /** Options with which a refused case gives the plain run's result. */
  readonly same?: readonly string[];
}

const same = (...says: RegExp[]): SharedCase => ({ gives: 'same', says });
const refuse = (code: string, ...says: RegExp[]): SharedCase => ({ gives: 'refuse', code, says });

export const SHARED_CASES: Readonly<Record<string, SharedCase>> = {
  ts_jpeg2000: same(),
  ts_jpeglossless: same(),
  ts_rle: same(),
  ts_implicit: same(),
  ts_deflated: same(),
  ts_bigendian: same(),
  mixed_syntax: same(),
  enhanced_ct: same(),
  enhanced_true: same(),
  enhanced_and_single: {
    ...refuse('several-series', /2\.25\.1234567\.2\.9/, /--series/),
    same: ['--series', '2.25.1234567.2.9'],
  },
  two_patients: {
    ...refuse('several-series', /PLACEHOLDER-1/, /PLACEHOLDER-2/, /--series/),
    same: ['--series', '2.25.1234567.2'],
  },
  two_phases: { ...refuse('duplicate-positions', /--acquisition/, /1.*2/), same: ['--acquisition', '1'] },
  padding_63536: same(),
  intercept_missing_one: refuse('no-hounsfield', /RescaleIntercept/, /IM0026\.dcm/),
  rescale_zero: refuse('no-hounsfield', /RescaleSlope/),
  rescale_us: refuse('no-hounsfield', /RescaleType/, /US/),
  left_justified: refuse('pixel-alignment', /HighBit 15/, /IM00\d\d\.dcm/),
  rescale_per_slice: same(),
  junk_high_bits: same(),
  feet_first: same(),
  charset_gb18030: same(),
  nii_4d: same(),
  nii_ts_v1: same(),
  nii_verse: same(),
  seg_labelmap: same(),
  seg_shared_segment: { ...same(), only: 'L2' },
  dup_same_file: same(),
  dup_uid_diff_position: refuse('duplicate-instance', /SOPInstanceUID|SOP Instance UID/),
  localizer_unmarked: same(/IM0001\.dcm/),
  dose_report_in_series: same(/IM0052\.dcm/),
  foreign_unreadable: same(),
  ds_comma: refuse('bad-number', /PixelSpacing/, /3,0/, /IM0001\.dcm/),
  missing_slice: refuse('missing-slices', /missing/),
  gantry_tilt: refuse('gantry-tilt', /12/),
  truncated_header: refuse('truncated', /IM0020\.dcm/, /copy|again/i),
  nii_upside_down: refuse('labels-upside-down', /upside down/),
  no_for: refuse('no-frame-of-reference', /FrameOfReferenceUID/),
  pixels32: refuse('bits-allocated', /32/),
  transfer_syntax_missing: refuse('no-transfer-syntax', /TransferSyntaxUID/, /IM0001\.dcm/),
  oblique: { gives: 'read' },
  nonsquare_reversed: { gives: 'read' },
  prone_flip: same(),
  cut_ties_1mm: { gives: 'read' },
  charset_jp: same(),
  two_patients_one_series: refuse('several-patients', /PLACEHOLDER-1/, /PLACEHOLDER-2/),
  folder_symlinks: same(),
  no_preamble: same(),
  truncated_file: refuse('truncated', /IM0020\.dcm/, /copy|again/i),
  seg_truncated: refuse('truncated', /seg\.dcm/),
  seg_fractional_01: same(),
  seg_overlap: { gives: 'read', says: [/L1 and L2: \d+ voxels/, /L2 and L3: \d+ voxels/] },
  seg_same_level_twice: refuse('level-twice', /L2 left/, /L2 right/),
  seg_german: same(),
  seg_bigendian: same(),
  seg_numbers_only: refuse('no-vertebrae', /Segment 1/, /vertebrae_T10/),
  nii_int64: same(),
  nii_ts_v3: { ...refuse('ambiguous-labels', /totalsegmentator-v3/, /--label-scheme/) },
  nii_ts_total: same(),
  nii_ts_folder: same(),
  nii_spineps: same(),
  nii_binary: refuse('one-label', /label 1/i),
  nii_forms_disagree: refuse('nifti-forms', /qform/, /sform/),
  nii_ct_forms_disagree: refuse('nifti-forms', /qform/, /sform/),
  nii_ct_rescaled01: refuse('hu-range', /Hounsfield/),
};
