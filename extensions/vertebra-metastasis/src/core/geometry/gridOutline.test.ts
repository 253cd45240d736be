import { gridOutlines } from './gridOutline';

/** Rows from top to bottom are v; '#' is inside. */
function outlines(...picture: string[]) {
  return gridOutlines(picture[0].length, picture.length, (u, v) => picture[v][u] === '#');
}
const area = (loop: readonly (readonly [number, number])[]) =>
  loop.reduce((sum, [u, v], n) => {
    const [nextU, nextV] = loop[(n + 1) % loop.length];
    return sum + (u * nextV - nextU * v) / 2;
  }, 0);
const corners = (loops: ReturnType<typeof outlines>) => loops.map(loop => [...loop].sort().join(' '));

test('a rectangle has four corners, whatever its size and place', () => {
  expect(corners(outlines('....', '.###', '.###'))).toEqual(['1,1 1,3 4,1 4,3']);
  expect(outlines('..', '..')).toEqual([]);
});

test('holes are outlines of their own, with the opposite sense', () => {
  const loops = outlines('###', '#.#', '###');
  expect(loops.map(area).sort((a, b) => a - b)).toEqual([-1, 9]);
});

test('cells that touch at a corner are outlined apart, in both diagonals', () => {
  expect(outlines('#.', '.#').map(area)).toEqual([1, 1]);
  expect(outlines('.#', '#.').map(area)).toEqual([1, 1]);
});

test('the area of all outlines is the number of cells, for any pattern', () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round++) {
    const picture = Array.from({ length: 9 }, () =>
      Array.from({ length: 11 }, () => (random() < 0.5 ? '#' : '.')).join('')
    );
    const cells = picture.join('').split('#').length - 1;
    const loops = outlines(...picture);
    expect(loops.reduce((sum, loop) => sum + area(loop), 0)).toBe(cells);
    for (const loop of loops) {
      loop.forEach(([u, v], n) => {
        const [nextU, nextV] = loop[(n + 1) % loop.length];
        expect((u === nextU) !== (v === nextV)).toBe(true);
      });
    }
  }
});
