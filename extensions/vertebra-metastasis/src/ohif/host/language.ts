import { stringsFor, type Strings } from '../../ui';

/** Where OHIF keeps the language the user chose. */
const LANGUAGE_KEY = 'i18nextLng';

export function chosenStrings(): Strings {
  return stringsFor(localStorage.getItem(LANGUAGE_KEY) ?? navigator.language);
}
