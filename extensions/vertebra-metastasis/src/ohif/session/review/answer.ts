/** The answer to "metastasis?" of a vertebra, as a step of the history. */
import { type Answer, setAnswer } from '../../../core';
import { dicomDateTime } from '../../../dicom';
import type { Context } from '../context';
import { commit } from './commit';

export function answerFor(context: Context, label: number, answer: Answer | undefined): void {
  const reader = context.ports.study.userName();
  const { date, time } = dicomDateTime(new Date());
  const given = answer && { answer, ...(reader ? { reader } : {}), on: `${date}${time.slice(0, 6)}` };
  commit(context, now => setAnswer(now, label, given));
}
