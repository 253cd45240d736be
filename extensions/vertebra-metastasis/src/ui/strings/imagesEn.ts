/** Texts about the images in the viewer and about what of a study is not used. */
export const imagesEn = {
  show: 'Show the CT that is analysed',
  analyse: (series: string) => `Analyse “${series}”`,
  reload: 'Load them again',
  reloading: 'Loading them again…',
  waiting: 'Waiting for the CT of this study…',
  passedOver: (count: number) => (count === 1 ? '1 object is passed over' : `${count} objects are passed over`),
  /** Why an object of the study plays no part. */
  reason: {
    localizer: 'a localizer',
    'other-plane': 'in another plane than the stack',
    unsupported: 'the viewer cannot show it',
    'other-ct': 'drawn on a series that is not open here',
    unlisted: 'the viewer cannot read it',
  },
};
