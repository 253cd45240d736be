import { withinBrush } from './brushLimits';

const labels = (picture: string) => Uint8Array.from(picture, one => (one === '.' ? 0 : Number(one)));
const text = (found: ArrayLike<number>) => Array.from(found, one => one || '.').join('');
const segments = [
  { index: 1, kind: 'lytic' },
  { index: 2, kind: 'blastic' },
] as never;
const target = { vertebraLabel: 7, level: 'T11', kind: 'lytic' } as const;

test.each([
  ['stays within the body', '........', '.111111.', '..7777..', '..1111..', 2],
  ['leaves the other kind alone', '...22...', '.111111.', '77777777', '.112211.', 2],
  ['goes over its own kind, and another lesion of it', '.11.....', '.13333..', '77777777', '.13333..', 0],
])('%s', (_, before, after, bodies, expected, refused) => {
  const given = labels(after);
  const found = withinBrush(labels(before), given, target, { segments }, labels(bodies));
  expect([text(found.labels), found.refused]).toEqual([expected, refused]);
  expect(text(given)).toBe(after);
});

test('without masks a body is no limit; what is erased is erased', () => {
  const found = withinBrush(labels('.22.1...'), labels('.2..111.'), target, { segments });
  expect([text(found.labels), found.refused]).toEqual(['.2..111.', 0]);
});
