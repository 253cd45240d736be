import type { Progress } from '@spine/core';

import { progressPrinter } from './progressLine';

/** What a log shows of these steps, each with its time in ms. */
function printed(steps: readonly (readonly [Partial<Progress>, number])[]): string[] {
  const lines: string[] = [];
  let now = 0;
  const print = progressPrinter({ isTTY: false, write: text => lines.push(String(text)) > 0 }, () => now);
  const start: Progress = {
    evaluationsDone: 0,
    evaluationsPlanned: 1000,
    slicesScreened: 0,
    slicesPlanned: 100,
    vertebra: 'T1',
    slice: 0,
    lastSlice: 0,
    sliceCount: 20,
  };
  steps.reduce((progress, [change, ms]) => {
    const next = { ...progress, ...change };
    now = ms;
    print(next);
    return next;
  }, start);
  return lines;
}

test('a long screening before the first evaluations does not make the time left long', () => {
  const lines = printed([
    [{}, 0],
    [{ slicesScreened: 50 }, 600_000],
    [{ evaluationsDone: 1, vertebra: 'T4' }, 610_000],
    [{ evaluationsDone: 301 }, 640_000],
  ]);
  expect(lines).toHaveLength(3);
  expect(lines[1]).not.toContain('left');
  // 699 evaluations of 0.1 s and 50 screenings of 12 s.
  expect(lines[2]).toBe('31 %  T4 slice 1/20  50/100 slices screened  301/1000 evaluations  about 11 min left\n');
});
