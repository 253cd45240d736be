/** How the English messages write numbers and lists. */

/** At most `digits` decimals, without trailing zeros. */
export const rounded = (value: number, digits = 2): string => String(Number(value.toFixed(digits)));

/** As small deviations are written: 3.2e-4. */
export const scientific = (value: number): string => value.toExponential(1);

export const list = (values: readonly (string | number)[]): string => values.join(', ');

export const size = (dims: readonly number[]): string => dims.join(' x ');
