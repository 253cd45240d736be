/** Numbers of the burden as text. */

/** "0.04", "12.31": two decimals always, so that columns line up; what would round to nothing says so. */
export function cubicCentimetres(ml: number): string {
  return ml > 0 && ml < 0.005 ? '<0.01' : ml.toFixed(2);
}

/** "12.3 %" */
export function percentage(percent: number): string {
  return percent > 0 && percent < 0.05 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

/** Whole Hounsfield units with a true minus sign. */
export function hounsfield(hu: number): string {
  return Math.round(hu).toString().replace('-', '−');
}
