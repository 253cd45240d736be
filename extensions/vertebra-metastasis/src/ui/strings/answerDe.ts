import type { answerEn } from './answerEn';

export const answerDe: typeof answerEn = {
  question: level => `${level}: Metastase?`,
  questionHelp:
    'Ob dieser Wirbel überhaupt eine Metastase hat, markiert oder nicht. Die Antwort wird in SEG und Bericht gespeichert; das Lernen verwendet sie.',
  answers: { metastasis: 'Metastase', 'no metastasis': 'Keine Metastase', uncertain: 'Unsicher' },
  help: {
    metastasis:
      'Dieser Wirbel hat mindestens eine Metastase, ob markiert oder nicht. Noch einmal gewählt, wird die Antwort zurückgenommen.',
    'no metastasis': 'Dieser Wirbel hat keine Metastase. Noch einmal gewählt, wird die Antwort zurückgenommen.',
    uncertain:
      'Weder das eine noch das andere; zum Lernen wird der Wirbel nicht verwendet. Noch einmal gewählt, wird die Antwort zurückgenommen.',
  },
  open: suggested =>
    `Nicht beantwortet. Nach den Regionen, die zählen: ${suggested}; Pfeiltasten wählen, Eingabe antwortet. Gespeichert wird nur eine Antwort.`,
  given: (reader, date) => `Beantwortet von ${reader}, ${date}; wird in SEG und Bericht gespeichert.`,
  nobody: 'einer nicht angemeldeten Person',
};
