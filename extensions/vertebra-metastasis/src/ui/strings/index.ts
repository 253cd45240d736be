import { createContext, useContext } from 'react';
import { de } from './de';
import { en, type Strings } from './en';

export type { Strings };

/** The texts of a language tag such as 'de' or 'en-US'; English for every language there is no translation of. */
export function stringsFor(language: string): Strings {
  return language.toLowerCase().startsWith('de') ? de : en;
}

export const StringsContext = createContext<Strings>(en);

export function useStrings(): Strings {
  return useContext(StringsContext);
}
