/** Texts of the question about a whole vertebra. */
export const answerEn = {
  question: (level: string) => `${level}: metastasis?`,
  questionHelp:
    'Whether this vertebra has a metastasis at all, marked or not. The answer is saved in the SEG and the report; learning uses it.',
  answers: { metastasis: 'Metastasis', 'no metastasis': 'No metastasis', uncertain: 'Uncertain' },
  help: {
    metastasis:
      'This vertebra has at least one metastasis, whether or not it is marked. Choosing it again takes it back.',
    'no metastasis': 'This vertebra has no metastasis. Choosing it again takes it back.',
    uncertain: 'Neither can be said; learning leaves this vertebra out. Choosing it again takes it back.',
  },
  open: (suggested: string) =>
    `Not answered. From the regions that count: ${suggested.toLowerCase()}; arrow keys choose, Enter answers. Only an answer is saved.`,
  given: (reader: string, date: string) => `Answered by ${reader}, ${date}; saved in the SEG and the report.`,
  nobody: 'a reader who is not signed in',
};
