/** Letters that say which side of the patient an edge of a picture is; a report leaves the viewer's own behind. */

export type SideLetter = 'A' | 'P' | 'R' | 'L';

/** Five by seven, a row each, from the top. */
const BITMAPS: Readonly<Record<SideLetter, readonly string[]>> = {
  A: [' ### ', '#   #', '#   #', '#####', '#   #', '#   #', '#   #'],
  P: ['#### ', '#   #', '#   #', '#### ', '#    ', '#    ', '#    '],
  R: ['#### ', '#   #', '#   #', '#### ', '# #  ', '#  # ', '#   #'],
  L: ['#    ', '#    ', '#    ', '#    ', '#    ', '#    ', '#####'],
};
const SCALE = 2;
export const LETTER_WIDTH = 5 * SCALE;
export const LETTER_HEIGHT = 7 * SCALE;

/** Visits the pixels of a letter and, before them, those of a rim of one pixel that sets it off from the picture. */
export function drawLetter(letter: SideLetter, draw: (x: number, y: number, ink: boolean) => void): void {
  const set = (x: number, y: number) => BITMAPS[letter][Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === '#';
  for (let y = -1; y <= LETTER_HEIGHT; y++) {
    for (let x = -1; x <= LETTER_WIDTH; x++) {
      const near = [-1, 0, 1].some(dy => [-1, 0, 1].some(dx => set(x + dx, y + dy)));
      if (set(x, y)) draw(x, y, true);
      else if (near) draw(x, y, false);
    }
  }
}
