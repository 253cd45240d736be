import { candidate, METHOD, scriptedEngine, square } from '../testing/study';
import type { ScoredCandidate } from '../types';
import { markUnsupported } from './unsupported';

const lytic = candidate(0, 'lytic', square(3), 0.9);
const blastic = candidate(1, 'blastic', square(3, 12), 0.9);
const attributed = (...candidates: ScoredCandidate[]) =>
  scriptedEngine(candidates).attributeSlice(new Float32Array(4096), new Uint8Array(4096), METHOD, {});
const method = { ...METHOD, leastKindLogit: -2 };

it('a region of a kind that the screening network sees no sign of does not count; the other kind does', async () => {
  const given = await attributed(lytic, blastic);
  const marked = markUnsupported(given, { lytic: -2.1, blastic: -2 }, method);
  expect(marked.candidates.map(({ leftOut, kept }) => [leftOut, kept])).toEqual([
    ['unsupported', false],
    [undefined, true],
  ]);
  expect([marked.lyticMask.includes(1), marked.blasticMask.includes(1)]).toEqual([false, true]);
  expect(given.candidates[0]).toMatchObject({ kept: true });
  expect(given.candidates[0].leftOut).toBeUndefined();
});
it('what is below the threshold is marked too, as a person may lower it; what was not scored or refused before is not', async () => {
  const weak = candidate(0, 'lytic', square(3), 0.2);
  const skipped = { ...weak, skipped: true };
  const refused = { ...lytic, leftOut: 'contradicted' as const };
  const { candidates } = markUnsupported(await attributed(weak, skipped, refused), { lytic: -3, blastic: 9 }, method);
  expect(candidates.map(({ leftOut }) => leftOut)).toEqual(['unsupported', undefined, 'contradicted']);
});
it('nothing changes where the method does not ask for it or the model has no such network', async () => {
  const given = await attributed(lytic);
  expect(markUnsupported(given, { lytic: -9, blastic: -9 }, METHOD)).toBe(given);
  expect(markUnsupported(given, undefined, method)).toBe(given);
});
