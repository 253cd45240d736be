/** UIDs, dates and decimal strings: the small forms every object we write needs. */

/** A new UID from 128 random bits (PS3.5 B.2, "2.25." and a UUID as a decimal number). */
export function newUid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `2.25.${bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)}`;
}

/** The same UID for the same SHA-256 (its first 128 bits); undefined when the text is no hash. */
export const uidFromHash = (sha256: string): string | undefined =>
  /^[0-9a-f]{32}/i.test(sha256) ? `2.25.${BigInt(`0x${sha256.slice(0, 32)}`)}` : undefined;

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Local date and time in DICOM form (DA, TM). */
export function dicomDateTime(now: Date): { date: string; time: string } {
  return {
    date: `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`,
    time: `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`,
  };
}

/** DS: the most precise text of at most 16 characters (PS3.5 6.2). */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be a DICOM decimal string`);
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 16; digits > 0; digits--) {
    const shorter = String(Number(value.toPrecision(digits)));
    if (shorter.length <= 16) return shorter;
  }
  return '0';
}

/** Characters a short text (ST) holds. */
export const SHORT_TEXT = 1024;

/** Cuts a text to what its value representation holds (LO 64, SH 16, ST 1024 characters). */
export const clip = (value: string, characters: number): string => [...value].slice(0, characters).join('');

/** sRGB 0-255 to the scaled CIELab of RecommendedDisplayCIELabValue (PS3.3 C.10.7.1.1, D65 adapted to D50). */
export function dicomCieLab(rgb: readonly [number, number, number]): [number, number, number] {
  const [r, g, b] = rgb.map(value => {
    const u = value / 255;
    return u <= 0.04045 ? u / 12.92 : ((u + 0.055) / 1.055) ** 2.4;
  });
  // sRGB -> XYZ relative to D50 (Bradford-adapted matrix of the ICC sRGB profile), over the D50 white point.
  const x = (0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.9642;
  const y = 0.2225045 * r + 0.7168786 * g + 0.0606169 * b;
  const z = (0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.8251;
  const [fx, fy, fz] = [x, y, z].map(t => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  const lab = [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
  const scaled = [(lab[0] / 100) * 65535, ((lab[1] + 128) / 255) * 65535, ((lab[2] + 128) / 255) * 65535];
  return scaled.map(value => Math.max(0, Math.min(65535, Math.round(value)))) as [number, number, number];
}
