/** A classifier and a scaler as scikit-learn pickles them, for codes of a few numbers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGISTIC_REGRESSION, STANDARD_SCALER } from '@spine/conversion/pickle/sklearn';
import { type Pickled, pickled, pickledArray, pickleFile } from './pickleFile';

/** Length of the codes. */
export const NUMBERS = 6;

export function writeClassifierPickles(folder: string): void {
  const numbers = (scale: number, offset = 0) =>
    Array.from({ length: NUMBERS }, (_, i) => offset + scale * Math.sin(i + 1));
  const regression = instance(LOGISTIC_REGRESSION, {
    classes_: pickledArray([0, 1], { code: 'i8' }),
    coef_: pickledArray(numbers(1), { shape: [1, NUMBERS] }),
    intercept_: pickledArray([0.5]),
  });
  const scaler = instance(STANDARD_SCALER, {
    mean_: pickledArray(numbers(0.2)),
    scale_: pickledArray(numbers(0.5, 1)),
  });
  writeFileSync(join(folder, 'classifier_lr.pkl'), pickleFile(regression));
  writeFileSync(join(folder, 'scaler.pkl'), pickleFile(scaler));
}

export function instance(name: string, attributes: Record<string, Pickled>): Pickled {
  const at = name.lastIndexOf('.');
  const state = pickled.dict(...Object.entries(attributes).map(([key, value]) => [pickled.text(key), value] as const));
  return pickled.instance(pickled.name(name.slice(0, at), name.slice(at + 1)), state);
}
