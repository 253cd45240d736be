/** Texts of the question about a whole vertebra. */
export const answerEn = {
  question: (level: string) => `${level}: metastasis?`,
  questionHelp:
    'Whether this vertebra has any metastasis, marked or not. The answer is saved in the SEG and the report, and can train a model.',
  answers: { metastasis: 'Metastasis', 'no metastasis': 'No metastasis', uncertain: 'Uncertain' },
  help: {
    metastasis: 'This vertebra has at least one metastasis, marked or not. Select again to withdraw the answer.',
    'no metastasis': 'This vertebra has no metastasis. Select again to withdraw the answer.',
    uncertain: 'Cannot be decided; training excludes this vertebra. Select again to withdraw the answer.',
  },
  open: (suggested: string) =>
    `Not answered. The regions that count suggest: ${suggested.toLowerCase()}. Arrow keys choose, Enter answers. Only an answer is saved.`,
  given: (reader: string, date: string) => `Answered by ${reader}, ${date}; saved in the SEG and the report.`,
  nobody: 'a reader who is not signed in',
};
