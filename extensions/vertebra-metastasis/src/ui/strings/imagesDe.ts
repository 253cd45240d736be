import type { imagesEn } from './imagesEn';

export const imagesDe: typeof imagesEn = {
  show: 'Das analysierte CT zeigen',
  analyse: series => `„${series}“ analysieren`,
  reload: 'Fehlende Schichten laden',
  reloading: 'Fehlende Schichten werden geladen …',
  waiting: 'Das CT dieser Studie wird erwartet …',
  passedOver: count => (count === 1 ? '1 Objekt wird nicht verwendet' : `${count} Objekte werden nicht verwendet`),
  reason: {
    localizer: 'ein Localizer',
    'other-plane': 'in anderer Ebene als der Stapel',
    unsupported: 'der Viewer kann es nicht zeigen',
    'other-ct': 'auf einer Serie gezeichnet, die hier nicht offen ist',
    unlisted: 'der Viewer kann es nicht lesen',
  },
};
