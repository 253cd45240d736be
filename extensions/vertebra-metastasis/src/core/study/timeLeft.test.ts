import { LABELS, METHOD, scriptedEngine, spine } from '../testing/study';
import { analyseStudy } from './analyse';
import type { SliceEngine } from './engine';
import { expectedEvaluations } from './expectedTime';
import { TimeLeft, workDone } from './timeLeft';
import type { Progress } from './types';

const targets = Object.entries(LABELS).map(([level, label]) => ({ level, label }));

const SCREENING_MS = 40;
const EVALUATION_MS = 100;
/** As a slice is expected to take before any was analysed. */
const EVALUATIONS = expectedEvaluations(METHOD);

/** Runs a study on a clock that only the networks move. @param suspicious slices of each vertebra, by their number */
async function timed(suspicious: (vertebra: number, slice: number) => boolean) {
  let now = 5000;
  let vertebra = 0;
  const seen: { progress: Progress; left: number | undefined; done: number; now: number }[] = [];
  const base = scriptedEngine([], { evaluations: EVALUATIONS });
  const engine: SliceEngine = {
    attributeSlice: (patch, mask, options, hooks) =>
      base.attributeSlice(patch, mask, options, {
        ...hooks,
        onEvaluations: count => {
          now += count * EVALUATION_MS;
          hooks.onEvaluations?.(count);
        },
      }),
    screenSlices: async (_, count) => {
      now += count * SCREENING_MS;
      const at = vertebra++;
      return Float64Array.from({ length: count }, (_value, slice) => (suspicious(at, slice) ? 0.9 : 0.1));
    },
  };
  const timeLeft = new TimeLeft(now);
  const onProgress = (progress: Progress) =>
    void seen.push({ progress, left: timeLeft.seconds(progress, now), done: workDone(progress), now });
  await analyseStudy(engine, spine(), targets, { slices: 'all', method: METHOD, screenBelow: 0.5, onProgress });
  return seen.map(({ now: then, ...one }) => ({ ...one, truth: (now - then) / 1000 }));
}

test('healthy slices cost a screening: after two healthy vertebrae the time of the third is not that of a search of all', async () => {
  const seen = await timed((vertebra, slice) => vertebra === 2 && slice < 4);
  const foretold = seen.filter(({ left }) => left !== undefined && left > 0);
  expect(foretold.length).toBeGreaterThan(100);
  for (const { left, truth } of foretold) expect(left! / Math.max(truth, 1)).toBeLessThan(2);
  expect(seen.at(-1)).toMatchObject({ left: 0, done: 1, truth: 0 });
});

test('what the vertebrae before had suspicious is expected of those to come', async () => {
  const seen = await timed((_, slice) => slice < 8);
  // Halfway through the second of three like vertebrae.
  const at = seen.findIndex(({ progress }) => progress.vertebra === 'T12' && progress.slice === 4);
  const { left, truth } = seen[at];
  expect(left! / truth).toBeGreaterThan(0.8);
  expect(left! / truth).toBeLessThan(1.25);
});

test('a spine without a suspicious slice ends at its plan, and its bar moves', async () => {
  const seen = await timed(() => false);
  const done = seen.map(one => one.done);
  expect(new Set(done).size).toBeGreaterThan(2);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(seen.at(-1)).toMatchObject({ left: 0, done: 1 });
  expect(seen.at(-1)!.progress).toMatchObject({ evaluationsDone: 0, evaluationsPlanned: 0 });
});

test('nothing is foretold of evaluations before some were timed, and the slow first one is not among them', () => {
  const timeLeft = new TimeLeft(0);
  const at = (evaluationsDone: number, ms: number) =>
    timeLeft.seconds({ evaluationsDone, evaluationsPlanned: 105, slicesScreened: 10, slicesPlanned: 10 }, ms);
  expect([at(0, 200), at(1, 9000), at(2, 9100), at(4, 9300)]).toEqual([undefined, undefined, undefined, undefined]);
  expect(at(5, 9400)).toBeCloseTo(10, 9);
});

test('with an evaluation timed before, the time is told once all is screened, and holds for what this analysis then takes', () => {
  const timeLeft = new TimeLeft(0, 90);
  const at = (evaluationsDone: number, ms: number) =>
    timeLeft.seconds({ evaluationsDone, evaluationsPlanned: 200, slicesScreened: 10, slicesPlanned: 10 }, ms);
  expect(at(0, 200)).toBeCloseTo(18, 9);
  expect(timeLeft.measuredMs).toBeUndefined();
  at(1, 9000);
  expect(at(101, 19_000)).toBeCloseTo(9.9, 9);
  expect(timeLeft.measuredMs).toBe(100);
});
