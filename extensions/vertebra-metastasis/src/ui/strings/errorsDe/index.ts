/** Jede Fehlermeldung auf Deutsch: Ursache und Ausweg, mit den Zahlen und Namen des Einzelfalls. */
import type { ErrorWords } from '../../../core/errors';
import { commandErrorsDe } from './commands';
import { ctErrorsDe } from './ct';
import { dicomErrorsDe } from './dicom';
import { modelErrorsDe } from './model';
import { readingErrorsDe } from './reading';
import { resultErrorsDe } from './results';
import { vertebraErrorsDe } from './vertebrae';

export const errorsDe: ErrorWords = {
  unexpected: ({ message }) =>
    `Etwas Unvorhergesehenes ist schiefgegangen („${message}“). Noch einmal versuchen; bleibt es dabei, die Seite neu laden.`,
  cancelled: () => 'Die Analyse wurde abgebrochen, bevor dieser Wirbel fertig war.',
  ...ctErrorsDe,
  ...dicomErrorsDe,
  ...readingErrorsDe,
  ...vertebraErrorsDe,
  ...modelErrorsDe,
  ...resultErrorsDe,
  ...commandErrorsDe,
};
