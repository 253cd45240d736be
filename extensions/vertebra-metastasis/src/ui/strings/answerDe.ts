import type { answerEn } from './answerEn';

export const answerDe: typeof answerEn = {
  question: level => `${level}: Metastase?`,
  questionHelp:
    'Ob dieser Wirbel eine Metastase enthält, markiert oder nicht. Die Antwort wird in SEG und Bericht gespeichert und kann zum Training dienen.',
  answers: { metastasis: 'Metastase', 'no metastasis': 'Keine Metastase', uncertain: 'Unsicher' },
  help: {
    metastasis:
      'Dieser Wirbel enthält mindestens eine Metastase, ob markiert oder nicht. Erneutes Auswählen nimmt die Antwort zurück.',
    'no metastasis': 'Dieser Wirbel enthält keine Metastase. Erneutes Auswählen nimmt die Antwort zurück.',
    uncertain:
      'Nicht zu entscheiden; zum Training wird der Wirbel nicht verwendet. Erneutes Auswählen nimmt die Antwort zurück.',
  },
  open: suggested =>
    `Nicht beantwortet. Die zählenden Regionen sprechen für: ${suggested}. Pfeiltasten wählen, Eingabe antwortet. Gespeichert wird nur eine Antwort.`,
  given: (reader, date) => `Beantwortet von ${reader}, ${date}; wird in SEG und Bericht gespeichert.`,
  nobody: 'einer nicht angemeldeten Person',
};
