/** Text of a decimal or integer string (DS, IS; PS3.5 6.2): digits, sign, point, exponent, padded with spaces. */
const DECIMAL = /^[\s\0]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[\s\0]*$/i;

/** Whether the text is one number as DICOM writes it; a decimal comma is not. */
export const isDecimalText = (text: string): boolean => DECIMAL.test(text);

/** The number, or NaN for anything that DICOM would not write ("", "3,0", "0x10", "NaN"). */
export function decimalOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && isDecimalText(value) ? Number(value.replace(/\0/g, '')) : NaN;
}
