/** Numbers as text, with the decimal separator of the language; the same in panel and report. */
import type { KindBurden } from '../../core/burden';
import type { Strings } from '../strings';

export interface Numbers {
  /** "0.04", "12.31": two decimals always, so that columns line up; what would round to nothing says so. */
  ml(millilitres: number): string;
  /** "≥ 1.20" where it is a lower bound. */
  volume(burden: Pick<KindBurden, 'millilitres' | 'atLeast'>): string;
  /** "12.3 %" */
  percent(percent: number): string;
  /** Whole Hounsfield units with a true minus sign. */
  hu(hounsfieldUnits: number): string;
  /** "+1.20", "−0.03": always with its sign. */
  signed(value: number, digits: number): string;
  /** A number that is written out already. */
  decimal(text: string): string;
}

export function numbersIn({ number }: Pick<Strings, 'number'>): Numbers {
  const ml = (millilitres: number) => number(millilitres > 0 && millilitres < 0.005 ? '<0.01' : millilitres.toFixed(2));
  return {
    ml,
    volume: ({ millilitres, atLeast }) => `${atLeast ? '≥ ' : ''}${ml(millilitres)}`,
    percent: percent => number(percent > 0 && percent < 0.05 ? '<0.1 %' : `${percent.toFixed(1)} %`),
    hu: hu => Math.round(hu).toString().replace('-', '−'),
    signed: (value, digits) => number(`${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`),
    decimal: number,
  };
}
