/** Their keys are the kinds of files there are. */
const kinds = {
  lesions: 'Lesion segmentation',
  bodies: 'Vertebral bodies',
  contours: 'Contours (RTSTRUCT)',
  report: 'Measurement report (SR)',
  keyImages: 'Key images',
  csv: 'Table (CSV)',
  json: 'Table (JSON)',
};
const kindHelp: Record<keyof typeof kinds, string> = {
  lesions: 'DICOM SEG on the CT grid: one coded segment per lesion. Reopening the study starts from this file.',
  bodies: 'DICOM SEG of the vertebral bodies that were analysed, as a series of its own.',
  contours: 'DICOM RT structure set for planning systems: contours of the lesions as they are now, on the CT planes.',
  report:
    'DICOM structured report (TID 1500): volume, Hounsfield units and score of each lesion. It refers to the saved segmentation, which is saved first where needed.',
  keyImages:
    'One picture of each lesion, sagittal and axial, outlined: DICOM Secondary Capture, which any viewer shows.',
  csv: 'The numbers of the report, one line per lesion, for spreadsheets. No patient name or number.',
  json: 'The same numbers with their provenance, for programs. No patient name or number.',
};

/** Texts of the export tab in English. */
export const exportEn = {
  segmentations: 'Segmentations',
  contours: 'Contours',
  measurements: 'Measurements',
  kinds,
  kindHelp,
  archive: 'Save to archive',
  archiveHelp: (kind: string) => `${kind}: stores a new series in this study. Earlier ones stay as they are.`,
  download: 'Download',
  downloadHelp: (kind: string) => `${kind}: saves a file on this computer.`,
  everyFileSays: 'The report, the tables and the contours repeat this.',
  reportDownload: 'A segmentation that is not saved is downloaded with the report, which refers to it.',
  type: 'SEG type',
  typeHelp:
    'BINARY is read by nearly all software. LABELMAP (DICOM 2023) is smaller, and many systems do not know it yet.',
  binary: 'BINARY (widely read)',
  labelmap: 'LABELMAP (smaller, new)',
  labelmapForced:
    'LABELMAP is written: the pixels of one slice of this CT do not fill whole bytes (rows × columns is not a multiple of 8), and this viewer cannot display a BINARY segmentation of such a CT.',
  tolerance: 'Tolerance',
  toleranceHelp:
    'Largest distance in mm (0 to 5) by which a simplified contour may deviate from the outline. 0 keeps the outline of the voxels.',
  margin: 'Margin',
  marginHelp:
    'Adds a second contour to each lesion, expanded by this many mm (0 to 50) in all directions. 0 adds none. Not a planning target volume.',
  millimetres: 'mm',
  clip: 'Keep the margin inside the vertebral body',
  includeBodies: 'Add the vertebral bodies as contours',
  withoutLesion:
    'Without a lesion, the vertebral bodies that were analysed are saved with your decisions, as “No vertebral lesion marked”.',
  nothingToContour: 'There is no lesion to contour.',
  working: 'Writing…',
  storing: 'Storing and checking…',
  stored: (series: string) => `Saved as series “${series}”.`,
  downloaded: (files: string) => `Downloaded: ${files}`,
  outdated: 'The lesions have changed since.',
  again: 'Try again',
};
