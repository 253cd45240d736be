import { stringsFor, type Strings } from '../../ui';

/** Where the host's i18next keeps the language that the user chose; OHIF reloads the page when it changes. */
const LANGUAGE_KEY = 'i18nextLng';

export function chosenStrings(): Strings {
  return stringsFor(localStorage.getItem(LANGUAGE_KEY) ?? navigator.language);
}
