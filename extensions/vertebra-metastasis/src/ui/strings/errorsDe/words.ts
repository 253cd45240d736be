/** Wie die deutschen Meldungen Zahlen und Aufzählungen schreiben. */

/** Höchstens `digits` Nachkommastellen, Dezimalkomma. */
export const rounded = (value: number, digits = 2): string => String(Number(value.toFixed(digits))).replace('.', ',');

/** Für kleine Abweichungen: 3,2e-4. */
export const scientific = (value: number): string => value.toExponential(1).replace('.', ',');

export const list = (values: readonly (string | number)[]): string => values.join(', ');

/** Zahlen mit Dezimalkomma werden mit Semikolon getrennt. */
export const numbers = (values: readonly number[], digits = 2): string =>
  values.map(value => rounded(value, digits)).join('; ');

export const size = (dims: readonly number[]): string => dims.join(' x ');
