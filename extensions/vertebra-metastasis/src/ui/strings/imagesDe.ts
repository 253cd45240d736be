import type { imagesEn } from './imagesEn';

export const imagesDe: typeof imagesEn = {
  show: 'Das analysierte CT zeigen',
  analyse: series => `„${series}“ analysieren`,
  reload: 'Noch einmal laden',
  reloading: 'Wird noch einmal geladen …',
  waiting: 'Das CT dieser Studie wird erwartet …',
  passedOver: count => (count === 1 ? '1 Objekt wird übergangen' : `${count} Objekte werden übergangen`),
  reason: {
    localizer: 'ein Localizer',
    'other-plane': 'in anderer Ebene als der Stapel',
    unsupported: 'der Viewer kann es nicht zeigen',
    'other-ct': 'auf einer Serie gezeichnet, die hier nicht offen ist',
    unlisted: 'der Viewer kann es nicht lesen',
  },
};
