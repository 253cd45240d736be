/**
 * The first look at a study: sagittal, axial and coronal side by side, in a bone window, as a spine is read. Series that cannot be
 * reformatted (uneven slices) are shown as the axial stack alone.
 */
const BONE_WINDOW = { windowWidth: 1800, windowCenter: 400 };
const SYNC_GROUPS = [
  { type: 'voi', id: 'spine', source: true, target: true, options: { syncColormap: true } },
  { type: 'hydrateseg', id: 'sameFORId', source: true, target: true, options: { matchingRules: ['sameFOR'] } },
];

const isCt = { weight: 1, attribute: 'Modality', constraint: { equals: { value: 'CT' } }, required: true };
const isReconstructable = {
  weight: 1,
  attribute: 'isReconstructable',
  constraint: { equals: { value: true } },
  required: true,
};
/** Computed by the panel: the CT that it analyses, so that no other hangs. */
export const WANTED_CT = 'spineOncologyWantedCt';
const isWanted = { weight: 1000, attribute: WANTED_CT, constraint: { equals: { value: true } } };
const hasManySlices = { weight: 10, attribute: 'numImageFrames', constraint: { greaterThan: { value: 20 } } };
const hasImages = { weight: 1, attribute: 'numImageFrames', constraint: { greaterThan: { value: 0 } }, required: true };

const reformatted = (orientation: 'sagittal' | 'axial' | 'coronal') => ({
  viewportOptions: {
    viewportId: `spine-${orientation}`,
    toolGroupId: 'mpr',
    viewportType: 'volume',
    orientation,
    initialImageOptions: { preset: 'middle' },
    syncGroups: SYNC_GROUPS,
  },
  displaySets: [{ id: 'spineCt', options: { voi: BONE_WINDOW } }],
});

export const spineProtocol = {
  id: 'spineOncology',
  name: 'Spine: sagittal, axial and coronal',
  locked: true,
  icon: 'layout-advanced-mpr',
  isPreset: true,
  protocolMatchingRules: [{ weight: 25, attribute: 'numberOfDisplaySetsWithImages', constraint: { greaterThan: 0 } }],
  numberOfPriorsReferenced: 0,
  displaySetSelectors: {
    spineCt: { seriesMatchingRules: [isWanted, isCt, isReconstructable, hasManySlices] },
    anyImages: { allowUnmatchedView: true, seriesMatchingRules: [isWanted, hasImages, { ...isCt, required: false }] },
  },
  stages: [
    {
      id: 'threePlanes',
      name: 'Sagittal, axial and coronal',
      stageActivation: { passive: { minViewportsMatched: 3 }, enabled: { minViewportsMatched: 3 } },
      // Side by side: a spine is high and narrow in two of the three.
      viewportStructure: { layoutType: 'grid', properties: { rows: 1, columns: 3 } },
      viewports: [reformatted('sagittal'), reformatted('axial'), reformatted('coronal')],
    },
    {
      id: 'stack',
      name: 'Stack',
      viewportStructure: { layoutType: 'grid', properties: { rows: 1, columns: 1 } },
      viewports: [
        {
          viewportOptions: { viewportId: 'spine-stack', toolGroupId: 'default', viewportType: 'stack' },
          displaySets: [{ id: 'anyImages' }],
        },
      ],
    },
  ],
};
