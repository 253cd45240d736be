import { createContext, useContext } from 'react';
import { de } from './de';
import { en, type Strings } from './en';

export type { Strings };

/** By the first part of a language tag. A translation is one more entry here. */
const LANGUAGES: Readonly<Record<string, Strings>> = { en, de };

/** The texts of a language tag such as 'de' or 'en-US'; English for every language there is no translation of. */
export function stringsFor(language: string): Strings {
  return LANGUAGES[language.toLowerCase().split('-')[0]] ?? en;
}

export const StringsContext = createContext<Strings>(en);

export function useStrings(): Strings {
  return useContext(StringsContext);
}
