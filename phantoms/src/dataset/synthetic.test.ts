import { createHash } from 'node:crypto';
import { PHANTOM_LEVELS } from '../anatomy/levels';
import { CROP_SIZE } from '../imaging/crop';
import { planSynthetic } from './plan';
import { isLesion, kindSlices, lesionSlices, TRUTH, type Sample } from './sample';
import { makeSyntheticSample, makeSyntheticSamples } from './synthetic';

/** Phantoms are made here; a busy machine takes its time. */
jest.setTimeout(300_000);

const SEED = 7;
const COUNT = 7;
const patients = planSynthetic(SEED, 'train', COUNT);
const samples: Sample[] = patients.flatMap(patient => patient.levels.map((_, at) => makeSyntheticSample(patient, at)));

const digest = ({ hu, body, truth }: Sample) =>
  createHash('sha256').update(new Uint8Array(hu.buffer)).update(body).update(truth).digest('hex');

function meanWhere(sample: Sample, chosen: (n: number) => boolean): number {
  let sum = 0;
  let count = 0;
  sample.hu.forEach((value, n) => {
    if (!chosen(n)) return;
    sum += value;
    count++;
  });
  return sum / count;
}

/** Body voxels whose neighbours within `reach` voxels in the slice are all body: away from the shell. */
function deepInside(sample: Sample, reach: number): Uint8Array {
  const deep = new Uint8Array(sample.body.length);
  const at = (n: number) => sample.body[n] === 1;
  for (let n = reach * CROP_SIZE + reach; n < deep.length - reach * (CROP_SIZE + 1); n++)
    deep[n] = at(n) && at(n - reach) && at(n + reach) && at(n - reach * CROP_SIZE) && at(n + reach * CROP_SIZE) ? 1 : 0;
  return deep;
}

test('the same seed makes the same voxels, in whatever order vertebrae are made', () => {
  const again = planSynthetic(SEED, 'train', COUNT).at(-1)!;
  const last = makeSyntheticSample(again, again.levels.length - 1);
  expect(digest(last)).toBe(digest(samples.at(-1)!));
  expect(new Set(samples.map(digest)).size).toBe(samples.length);
});

test('the plan gives exactly the vertebrae asked for, each level once per patient', () => {
  expect(samples).toHaveLength(COUNT);
  for (const patient of patients) {
    const names = patient.levels.map(level => level.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every(name => PHANTOM_LEVELS.includes(name))).toBe(true);
  }
});

test('splits and seeds share no patient and no random stream', () => {
  const test = planSynthetic(SEED, 'test', COUNT);
  const ids = new Set(patients.map(patient => patient.id));
  expect(test.some(patient => ids.has(patient.id))).toBe(false);
  const first = (plan: typeof patients) => plan[0].random.next();
  const draws = [planSynthetic(SEED, 'train', 5), test, planSynthetic(SEED + 1, 'train', 5)].map(first);
  expect(new Set(draws).size).toBe(3);
});

test('about half of all vertebrae are malignant', () => {
  const planned = planSynthetic(1, 'train', 2000).flatMap(patient => patient.levels);
  const share = planned.filter(level => level.malignant).length / planned.length;
  expect(share).toBeGreaterThan(0.44);
  expect(share).toBeLessThan(0.56);
});

test('the label says whether there is truth, and the kinds say which', () => {
  for (const { truth, label, kinds } of samples) {
    expect(label).toBe(truth.some(value => value > 0) ? 1 : 0);
    expect(kinds.includes('lytic')).toBe(truth.includes(TRUTH.lytic));
    expect(kinds.includes('blastic')).toBe(truth.includes(TRUTH.blastic));
  }
  expect(samples.some(sample => sample.label === 1)).toBe(true);
  expect(samples.some(sample => sample.label === 0)).toBe(true);
});

test('truth lies inside the body, and malignant vertebrae have enough of it to be seen', () => {
  for (const { truth, body, label } of samples) {
    const count = truth.filter(value => value > 0).length;
    expect(truth.filter((value, n) => value > 0 && body[n] === 1)).toHaveLength(count);
    if (label === 1) expect(count).toBeGreaterThanOrEqual(30);
  }
});

test('lytic lesions are darker and blastic ones brighter than the marrow around them', () => {
  let compared = 0;
  for (const sample of samples) {
    const deep = deepInside(sample, 4);
    const marrow = meanWhere(sample, n => deep[n] === 1 && sample.truth[n] === TRUTH.none);
    for (const [kind, sign] of [
      [TRUTH.lytic, -1],
      [TRUTH.blastic, 1],
    ] as const) {
      if (!sample.truth.some((value, n) => value === kind && deep[n] === 1)) continue;
      const lesion = meanWhere(sample, n => deep[n] === 1 && sample.truth[n] === kind);
      expect(sign * (lesion - marrow)).toBeGreaterThan(25);
      compared++;
    }
  }
  expect(compared).toBeGreaterThanOrEqual(4);
});

test('the body is centred in the crop and wholly inside it from side to side', () => {
  for (const { body, geometry } of samples) {
    const sum = [0, 0, 0];
    let count = 0;
    const plane = CROP_SIZE * CROP_SIZE;
    body.forEach((value, n) => {
      if (value === 0) return;
      sum[0] += n % CROP_SIZE;
      sum[1] += Math.floor(n / CROP_SIZE) % CROP_SIZE;
      sum[2] += Math.floor(n / plane);
      count++;
    });
    expect(sum[0] / count).toBeCloseTo(31.5, 0);
    expect(sum[1] / count).toBeCloseTo(31.5, 0);
    expect(Math.abs(sum[2] / count - Math.floor(geometry.slices / 2))).toBeLessThan(0.6);
    expect(body.subarray(0, plane).includes(1)).toBe(false);
    expect(body.subarray(body.length - plane).includes(1)).toBe(false);
  }
});

test('attenuation stays in the range of CT, bone is denser than what is around it', () => {
  for (const sample of samples) {
    expect(sample.hu.every(value => value >= -1024 && value <= 3071)).toBe(true);
    const inside = meanWhere(sample, n => sample.body[n] === 1);
    const outside = meanWhere(sample, n => sample.body[n] === 0);
    expect(inside).toBeGreaterThan(outside + 50);
  }
});

describe('twins', () => {
  const recipe = { leastMiddlePixels: 0, twins: true };
  const patient = patients.find(({ levels }) => levels.some(level => level.malignant))!;
  const at = patient.levels.findIndex(level => level.malignant);
  const [ill, well] = makeSyntheticSamples(patient, at, recipe);

  test('a malignant vertebra comes a second time without its lesions and with the same mimics', () => {
    expect([ill.label, ill.twin, well.label, well.twin]).toEqual([1, 'with', 0, 'without']);
    expect(well.mimics).toEqual(ill.mimics);
    expect(well.truth.some(value => value > 0)).toBe(false);
    expect([well.patient, well.level, well.geometry]).toEqual([ill.patient, ill.level, ill.geometry]);
    expect(digest({ ...well, hu: ill.hu })).toBe(digest({ ...ill, truth: well.truth }));
  });

  test('slices that the lesions do not reach are the same to the last bit', () => {
    const plane = CROP_SIZE * CROP_SIZE;
    const slice = (k: number, data: Int16Array | Uint8Array) => data.subarray(k * plane, (k + 1) * plane);
    const differs = (k: number) => slice(k, ill.hu).some((value, n) => value !== slice(k, well.hu)[n]);
    const meets = (k: number) => slice(k, ill.truth).some(isLesion);
    const slices = Array.from({ length: ill.geometry.slices }, (_, k) => k);
    expect(slices.filter(meets).every(differs)).toBe(true);
    expect(slices.some(k => !differs(k))).toBe(true);
    const listed = lesionSlices(ill)
      .split('+')
      .map(run => run.split('-').map(Number));
    for (const [first, last] of listed) for (let k = first; k <= last; k++) expect(meets(k)).toBe(true);
    expect(lesionSlices(well)).toBe('');
    for (const kind of ['lytic', 'blastic'] as const) {
      const runs = kindSlices(ill, kind).split('+').filter(Boolean);
      expect(runs.length > 0).toBe(ill.kinds.includes(kind));
      for (const [first, last] of runs.map(run => run.split('-').map(Number)))
        for (let k = first; k <= last; k++)
          expect(slice(k, ill.truth).filter(label => label === TRUTH[kind]).length).toBeGreaterThanOrEqual(8);
      expect(kindSlices(well, kind)).toBe('');
    }
  });

  test('a healthy vertebra has no twin', () => {
    const healthy = patients.find(({ levels }) => levels.some(level => !level.malignant))!;
    const one = healthy.levels.findIndex(level => !level.malignant);
    expect(makeSyntheticSamples(healthy, one, recipe).map(({ twin }) => twin)).toEqual([undefined]);
  });
});
