/** Texts about the images in the viewer and about what of a study is not used. */
export const imagesEn = {
  show: 'Show the CT that is analysed',
  analyse: (series: string) => `Analyse “${series}”`,
  reload: 'Reload missing slices',
  reloading: 'Reloading missing slices…',
  waiting: 'Waiting for the CT of this study…',
  passedOver: (count: number) => (count === 1 ? '1 object is not used' : `${count} objects are not used`),
  /** Why an object of the study plays no part. */
  reason: {
    localizer: 'a localizer',
    'other-plane': 'in a different plane from the stack',
    unsupported: 'the viewer cannot show it',
    'other-ct': 'drawn on a series that is not open here',
    unlisted: 'the viewer cannot read it',
  },
};
