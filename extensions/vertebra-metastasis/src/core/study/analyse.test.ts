import { ellipsoid, labelsOf } from '../testing/grids';
import { candidate, LABELS, METHOD, scriptedEngine, SPEC, spine, square } from '../testing/study';
import { INFERENCE_RULE } from '../method';
import { CancelledError, InputError } from '../types';
import { MIN_BODY_PIXELS } from './slices';
import { analyseStudy, analyseVertebra, screenVertebra } from './analyse';
import type { SliceEngine } from './engine';
import type { Progress, StudyOptions } from './types';

const input = spine();
const targets = Object.entries(LABELS).map(([level, label]) => ({ level, label }));
const T12 = targets[1];
const options: StudyOptions = { slices: { every: 10 }, method: METHOD, screenBelow: 0 };

test('one vertebra: every chosen slice, ascending, with its place', async () => {
  const engine = scriptedEngine([]);
  const analysis = await analyseVertebra(engine, input, T12, options);
  expect(analysis).toMatchObject({ label: LABELS.T12, level: 'T12', skippedSlices: [] });
  analysis.centreLps.forEach((value, axis) => expect(value).toBeCloseTo([0, 0, 0][axis], 0));
  expect(analysis.slices.map(({ offsetMm }) => offsetMm)).toEqual([-8, 0, 8]);
  const [x, y, z] = analysis.centreLps;
  expect(analysis.slices[0].frame.origin).toEqual([x - 8, y - 31.5 * 0.8, z + 31.5 * 0.675]);
  // The scripted screening rises from slice to slice; the vertebra takes the largest.
  expect(analysis.malignancyProbability).toBeCloseTo(0.2, 9);
  expect(Math.min(...engine.calls[0].patch)).toBe(0);
});

test('a method that takes scores from neighbouring slices is given all slices of a vertebra at once, with their places', async () => {
  const engine = scriptedEngine([]);
  const seen: (number | undefined)[][] = [];
  const progress: Progress[] = [];
  const whole: SliceEngine = {
    ...engine,
    attributeVertebra: async (slices, method, hooks) => {
      seen.push(slices.map(({ offsetMm }) => offsetMm));
      return Promise.all(slices.map(({ patch, bodyMask }) => engine.attributeSlice(patch, bodyMask, method, hooks)));
    },
  };
  const method = { ...METHOD, inferScores: INFERENCE_RULE };
  const onProgress = (at: Progress) => void progress.push(at);
  const analysis = await analyseVertebra(whole, input, T12, { ...options, method, onProgress });
  expect(seen).toEqual([[-8, 0, 8]]);
  expect(analysis.slices.map(({ offsetMm }) => offsetMm)).toEqual([-8, 0, 8]);
  expect(progress.some(({ slice, lastSlice }) => slice === 0 && lastSlice === 2)).toBe(true);
  // Without that method, one after the other.
  await analyseVertebra(whole, input, T12, options);
  expect(seen).toHaveLength(1);
});

test('a region that the slices beside do not show counts only where the method asks for one slice', async () => {
  const once = candidate(0, 'lytic', square(3), 0.9);
  const analysed = async (leastSlices?: number, slices: StudyOptions['slices'] = 'all') => {
    // In the tenth slice of all, or in the central one.
    const shownIn = slices === 'all' ? 10 : 1;
    let searched = 0;
    const [found, empty] = [scriptedEngine([once]), scriptedEngine([])];
    const engine: SliceEngine = {
      ...empty,
      attributeSlice: (...slice) => (++searched === shownIn ? found : empty).attributeSlice(...slice),
    };
    const method = { ...METHOD, leastSlices };
    const { slices: all } = await analyseVertebra(engine, input, T12, { ...options, slices, method });
    const [{ candidates, lyticMask }] = all
      .map(({ attribution }) => attribution)
      .filter(attribution => attribution.candidates.length > 0);
    return { leftOut: candidates[0].leftOut, kept: candidates[0].kept, shown: lyticMask.includes(1) };
  };
  expect(await analysed()).toEqual({ leftOut: undefined, kept: true, shown: true });
  expect(await analysed(2)).toEqual({ leftOut: 'isolated', kept: false, shown: false });
  // The central slice alone has no neighbours that were looked at.
  expect(await analysed(2, 'central')).toEqual({ leftOut: undefined, kept: true, shown: true });
});

test('a screening network decides with the encoder what is searched, and which kind counts, before neighbours are counted', async () => {
  const network = { sliceSteps: [-4, -2, 0, 2, 4], encoderWeight: 1, networkWeight: 1 };
  const screening = { withinMm: 0.1, logitShift: 0, network };
  const spec = { ...input.spec, trainedWidthFraction: 0.5, screening };
  const found = scriptedEngine([candidate(0, 'lytic', square(3), 0.9), candidate(1, 'blastic', square(3, 12), 0.9)]);
  const stacked: number[] = [];
  let lastLytic = 0;
  const engine: SliceEngine = {
    ...found,
    screenSlices: async (_, count) => new Float64Array(count).fill(0.5),
    // A lytic lesion in the fifth and sixth slice, a blastic one in the fifth to the seventh.
    screenKinds: async (stacks, count) => {
      stacked.push(stacks.length / (6 * 4096 * count));
      lastLytic = count;
      return Float32Array.from({ length: 2 * count }, (_, i) => {
        const last = i % 2 ? 6 : 5;
        const n = Math.floor(i / 2);
        return n >= 4 && n <= last ? 3 : -3;
      });
    },
  };
  const method = { ...METHOD, leastKindLogit: 0, leastSlices: 3 };
  const analysis = await analyseVertebra(engine, { ...input, spec }, T12, {
    slices: 'all',
    method,
    screenBelow: 0.5,
  });
  const known = [...analysis.slices, ...analysis.screenedSlices];
  expect(known).toHaveLength(lastLytic);
  expect(stacked).toEqual([1]);
  expect(analysis.slices).toHaveLength(3);
  expect(analysis.slices.map(({ malignancyProbability }) => malignancyProbability)).toEqual(
    Array(3).fill(expect.closeTo(1 / (1 + Math.exp(-3)), 6))
  );
  const reasons = analysis.slices.map(({ attribution }) => attribution.candidates.map(({ leftOut }) => leftOut));
  // Two lytic slices are too few, and the third one, left out before, does not count as their neighbour.
  expect(reasons).toEqual([
    ['isolated', undefined],
    ['isolated', undefined],
    ['unsupported', undefined],
  ]);
});

test('the central slice alone, and all slices with the thin ones listed', async () => {
  const central = await analyseVertebra(scriptedEngine([]), input, T12, { ...options, slices: 'central' });
  expect(central.slices.map(({ offsetMm }) => offsetMm)).toEqual([0]);
  // A thin spur on both sides makes the body wider: slices through the spur alone show too little.
  const spurred = labelsOf(input.bodies, ([x, y, z]) =>
    ellipsoid([0, 0, 0], [12, 14, 12])([x, y, z]) || (Math.abs(x) < 20 && Math.abs(y) < 2 && Math.abs(z) < 2.1)
      ? LABELS.T12
      : 0
  );
  const wide = { ...input, bodies: spurred };
  const all = await analyseVertebra(scriptedEngine([]), wide, T12, { ...options, slices: 'all' });
  expect(all.slices.length).toBeGreaterThan(26);
  expect(all.slices.length).toBeLessThan(32);
  expect(all.skippedSlices.length).toBeGreaterThan(16);
  for (const { offsetMm, reason } of all.skippedSlices) {
    expect(Math.abs(offsetMm)).toBeGreaterThan(11);
    expect(reason).toMatchObject({ code: 'slice-too-small', params: { needed: MIN_BODY_PIXELS } });
  }
});

test('slices that the model does not know are left out, named, and not planned', async () => {
  const total: number[] = [];
  const engine = scriptedEngine([]);
  const spec = { ...input.spec, trainedWidthFraction: 0.4 };
  const all = await analyseVertebra(engine, input, T12, { ...options, slices: 'all' });
  const width = Math.max(...[...all.slices, ...all.skippedSlices].map(({ offsetMm }) => Math.abs(offsetMm)));
  const known = await analyseVertebra(engine, { ...input, spec }, T12, {
    ...options,
    slices: 'all',
    onProgress: ({ slicesPlanned }) => total.push(slicesPlanned),
  });
  for (const { offsetMm } of known.slices) expect(Math.abs(offsetMm)).toBeLessThanOrEqual(0.4 * width);
  for (const { offsetMm, reason } of known.skippedSlices) {
    expect(Math.abs(offsetMm)).toBeGreaterThan(0.4 * width);
    expect(reason.code).toBe('slice-beyond-reach');
  }
  expect(known.slices.length + known.skippedSlices.length).toBe(all.slices.length + all.skippedSlices.length);
  expect(new Set(total)).toEqual(new Set([known.slices.length]));
});

test('a vertebra that fails is listed and the others are analysed', async () => {
  const engine = scriptedEngine([]);
  const wanted = [...targets, { level: 'L3', label: 77 }, { level: 'C1', label: LABELS.T11 }];
  const { analyses, failures, cancelled } = await analyseStudy(engine, spine(true), wanted, options);
  expect(analyses.map(({ level }) => level)).toEqual(['T11', 'T12']);
  expect(failures.map(({ level, reason }) => [level, reason.code])).toEqual([
    ['L1', 'body-at-edge'],
    ['L3', 'empty-mask'],
    ['C1', 'no-body'],
  ]);
  expect(cancelled).toBe(false);
});

test('an unexpected error in one vertebra does not lose the others', async () => {
  const engine = scriptedEngine([], {
    onSlice: call => {
      if (call === 5) throw new Error('device lost');
    },
  });
  const { analyses, failures } = await analyseStudy(engine, input, targets, options);
  expect(analyses.map(({ level }) => level)).toEqual(['T11', 'L1']);
  expect(failures).toEqual([
    { level: 'T12', label: LABELS.T12, reason: { code: 'unexpected', params: { message: 'device lost' } } },
  ]);
});

test('after a cancellation what was finished is kept and the rest is named', async () => {
  const cancel = { aborted: false };
  const done: string[] = [];
  const engine = scriptedEngine([], {
    onSlice: (call, hooks) => {
      expect(hooks.cancel).toBe(cancel);
      if (call === 5) throw new CancelledError('stop');
    },
  });
  const onVertebra = ({ level }: { level: string }) => done.push(level);
  const study = await analyseStudy(engine, input, targets, { ...options, cancel, onVertebra });
  expect(study.cancelled).toBe(true);
  expect(study.analyses.map(({ level }) => level)).toEqual(['T11']);
  expect(done).toEqual(['T11']);
  expect(study.failures.map(({ level, reason }) => [level, reason.code])).toEqual([
    ['T12', 'cancelled'],
    ['L1', 'cancelled'],
  ]);
});

test('an aborted signal stops a vertebra before its first slice', async () => {
  const engine = scriptedEngine([]);
  const run = analyseVertebra(engine, input, T12, { ...options, cancel: { aborted: true } });
  await expect(run).rejects.toThrow(CancelledError);
  expect(engine.calls).toHaveLength(0);
});

test('progress never goes back and ends at its plan', async () => {
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => seen.push(progress);
  await analyseStudy(scriptedEngine([], { evaluations: 500 }), input, targets, { ...options, onProgress });
  const done = seen.map(({ evaluationsDone }) => evaluationsDone);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  for (const { evaluationsDone, evaluationsPlanned } of seen) {
    expect(evaluationsPlanned).toBeGreaterThanOrEqual(evaluationsDone);
  }
  expect(seen.at(-1)).toMatchObject({
    evaluationsDone: 9 * 500,
    evaluationsPlanned: 9 * 500,
    vertebra: 'L1',
    slice: 2,
  });
  // After the first slice, the plan follows from what it cost.
  const second = seen.find(({ slice }) => slice === 1)!;
  expect(second.evaluationsPlanned).toBe(9 * 500);
});

test('all vertebrae are screened first; the most suspicious is searched first, a healthy one not at all, and the plan is what is left', async () => {
  /** P(malignant) of the three slices of each vertebra, in the order of the targets. */
  const probabilities = [
    [0.1, 0.6, 0.2],
    [0.1, 0.2, 0.3],
    [0.7, 0.9, 0.8],
  ];
  const engine = scriptedEngine([], { evaluations: 10 });
  let screenings = 0;
  const screened = {
    ...engine,
    screenSlices: async () => Float64Array.from(probabilities[screenings++]),
  };
  const events: string[] = [];
  const planned: number[] = [];
  const study = await analyseStudy(screened, input, targets, {
    ...options,
    screenBelow: 0.5,
    onScreened: ({ level, malignancyProbability, suspiciousSlices }) =>
      events.push(`${level} screened ${malignancyProbability} ${suspiciousSlices}`),
    onVertebra: ({ level }) => events.push(`${level} done`),
    onProgress: ({ slicesScreened, evaluationsPlanned }) => slicesScreened === 9 && planned.push(evaluationsPlanned),
  });
  expect(events).toEqual([
    ...['T11 screened 0.6 1', 'T12 screened 0.3 0', 'T12 done', 'L1 screened 0.9 3'],
    ...['L1 done', 'T11 done'],
  ]);
  expect(study.analyses.map(({ level, slices }) => [level, slices.length])).toEqual([
    ['T11', 1],
    ['T12', 0],
    ['L1', 3],
  ]);
  // Four suspicious slices of ten evaluations each, once the first has shown what a slice costs.
  expect(new Set(planned.slice(-20))).toEqual(new Set([40]));
});

test('slices go side by side where the engine gains by it, and count alike', async () => {
  const alone = await analyseStudy(scriptedEngine([]), input, targets, options);
  const engine = scriptedEngine([]);
  const calls: number[] = [];
  const together: SliceEngine['together'] = {
    slices: 2,
    attribute: async (slices, method, hooks) => {
      calls.push(slices.length);
      const plans = slices.map(() => 0);
      const each = slices.map(({ patch, bodyMask }, n) =>
        engine.attributeSlice(patch, bodyMask, method, {
          ...hooks,
          onPlan: evaluations => {
            plans[n] = evaluations;
            hooks.onPlan?.(plans[0] + (plans[1] ?? 0));
          },
        })
      );
      return Promise.all(each);
    },
  };
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => seen.push(progress);
  const study = await analyseStudy({ ...engine, together }, input, targets, { ...options, onProgress });
  // Three slices a vertebra: two side by side, then one as ever.
  expect(calls).toEqual([2, 2, 2]);
  expect(study).toEqual(alone);
  const done = seen.map(({ evaluationsDone }) => evaluationsDone);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  for (const { evaluationsDone, evaluationsPlanned } of seen) {
    expect(evaluationsPlanned).toBeGreaterThanOrEqual(evaluationsDone);
  }
  expect(seen.at(-1)).toMatchObject({ evaluationsDone: 9 * 3, evaluationsPlanned: 9 * 3, slicesScreened: 9 });
  const places = seen.map(({ slice, lastSlice, sliceCount }) => `${slice}-${lastSlice} of ${sliceCount}`);
  expect(new Set(places)).toEqual(new Set(['0-0 of 3', '0-1 of 3', '2-2 of 3']));
  expect(seen.find(({ slice }) => slice === 2)!.evaluationsPlanned).toBe(9 * 3);
});

test('inputs as a whole are checked before anything runs', async () => {
  const elsewhere = { ...input, bodies: { ...input.bodies, dims: [1, 1, 1] as const } };
  const engine = scriptedEngine([]);
  await expect(analyseStudy(engine, elsewhere, targets, options)).rejects.toThrow(InputError);
  await expect(analyseVertebra(engine, input, T12, { ...options, slices: { every: 0 } })).rejects.toThrow(
    expect.objectContaining({ code: 'bad-slices' })
  );
  const sliver = input.bodies.labels.map((label, at) => (label === LABELS.T12 && at % 4 === 0 ? label : 0));
  await expect(
    analyseVertebra(engine, { ...input, bodies: { ...input.bodies, labels: sliver } }, T12, options)
  ).rejects.toThrow(expect.objectContaining({ code: 'body-too-small' }));
  const flat = { ...input, volume: { ...input.volume, hu: new Int16Array(input.volume.hu.length) } };
  await expect(analyseVertebra(engine, flat, T12, options)).rejects.toMatchObject({
    params: { reason: { code: 'flat-patch' } },
  });
  expect(engine.calls).toHaveLength(0);
});

test('screening asks the encoder only', async () => {
  const engine = scriptedEngine([]);
  const screening = await screenVertebra(engine, { ...input, spec: SPEC }, T12, { slices: { every: 10 } });
  expect(screening.slices).toEqual([
    { offsetMm: -8, malignancyProbability: 0 },
    { offsetMm: 0, malignancyProbability: 0.1 },
    { offsetMm: 8, malignancyProbability: 0.2 },
  ]);
  expect(screening.malignancyProbability).toBe(0.2);
  expect(engine.calls).toHaveLength(0);
});

test('slices that the classifier calls healthy are screened, not searched, and count as assessed', async () => {
  const engine = scriptedEngine([], { screening: [0.2, 0.7, 0.4] });
  const analysis = await analyseVertebra(engine, input, T12, { ...options, screenBelow: 0.5 });
  expect(engine.calls).toHaveLength(1);
  expect(analysis.slices.map(({ offsetMm }) => offsetMm)).toEqual([0]);
  expect(analysis.screenedSlices.map(s => [s.offsetMm, s.malignancyProbability])).toEqual([
    [-8, 0.2],
    [8, 0.4],
  ]);
  expect(analysis.malignancyProbability).toBe(0.7);
});

test('with neighbours, a single suspicious slice among healthy ones is not searched', async () => {
  const screening = { withinMm: 0.8, logitShift: 0 };
  const spec = { ...input.spec, screening };
  const asked: number[] = [];
  const engine = scriptedEngine([]);
  const alone = {
    ...engine,
    screenSlices: async (_: Float32Array, count: number) => {
      asked.push(count);
      return Float64Array.from({ length: count }, (__, n) => (n % 3 === 1 ? 0.7 : 0.05));
    },
  };
  const analysis = await analyseVertebra(alone, { ...input, spec }, T12, { ...options, screenBelow: 0.5 });
  // Three slices every 8 mm, each with one neighbour on either side.
  expect(asked).toEqual([9]);
  expect(engine.calls).toHaveLength(0);
  expect(analysis.screenedSlices).toHaveLength(3);
  expect(analysis.malignancyProbability).toBeLessThan(0.5);
});
