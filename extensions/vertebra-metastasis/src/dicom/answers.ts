/** "Metastasis?" of a vertebra as standard codes: a secondary neoplasm, present, absent or undetermined (PS3.16 CID 240). */
import type { Answer, LevelAnswer } from '../core';
import { code, type Code, CODES, levelCode } from './codes';
import type { NaturalizedInstance } from './dataset';
import { codeItem, personItem } from './srContent';

export const ANSWER_CODES: Readonly<Record<Answer, Code>> = {
  metastasis: code('52101004', 'SCT', 'Present'),
  'no metastasis': code('272519000', 'SCT', 'Absent'),
  uncertain: code('373068000', 'SCT', 'Undetermined'),
};
const FINDING_SITE = code('363698007', 'SCT', 'Finding Site');
const PERSON = code('121008', 'DCM', 'Person Observer Name');

/** As they stand in the SEG's private element, which has no standard place for what is said of a vertebra without a segment. */
export const codedAnswers = (answers: readonly LevelAnswer[]) =>
  answers.map(one => ({ ...one, finding: CODES.neoplasmSecondary, value: ANSWER_CODES[one.answer] }));

/** Qualitative evaluations of TID 1500: one code for each vertebra, with its site, reader and date. */
export function answerItems(answers: readonly LevelAnswer[]): NaturalizedInstance[] {
  return answers.map(({ level, answer, reader, on }) => ({
    ...codeItem('CONTAINS', CODES.neoplasmSecondary, ANSWER_CODES[answer], [
      codeItem('HAS CONCEPT MOD', FINDING_SITE, levelCode(level)),
      ...(reader ? [personItem('HAS OBS CONTEXT', PERSON, reader)] : []),
    ]),
    ObservationDateTime: on,
  }));
}
