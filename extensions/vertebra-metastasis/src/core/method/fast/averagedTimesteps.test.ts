import { REFERENCE_INVERSION_STEPS } from '../ddim';
import { alphaBars, halfLogSnr, usedTimesteps } from '../schedule';
import { stepWeights, averagedTimesteps } from './averagedTimesteps';

const TIMESTEPS = usedTimesteps(REFERENCE_INVERSION_STEPS);
const LAMBDAS = TIMESTEPS.map(timestep => halfLogSnr(alphaBars()[timestep]));
const NODES = [0, 1, 2, 3, 6, 10, 18, 30, 60, 100, 140, 180, 220, 249];
const blends = averagedTimesteps(TIMESTEPS, LAMBDAS, NODES);

/** Of any features of the timesteps, their blend at each node. */
const blended = (features: (step: number) => number) =>
  blends.map(time =>
    typeof time === 'number'
      ? features(TIMESTEPS.indexOf(time))
      : time.timesteps.reduce((sum, t, i) => sum + time.weights[i] * features(TIMESTEPS.indexOf(t)), 0)
  );

it('leaves what is constant or linear in lambda as it is', () => {
  blended(() => 1).forEach(value => expect(value).toBeCloseTo(1, 12));
  blended(step => LAMBDAS[step]).forEach((value, k) => expect(value).toBeCloseTo(LAMBDAS[NODES[k]], 3));
});

it('keeps, of what jitters from step to step, the mean that a walk makes of it around every node', () => {
  const jitter = (step: number) => Math.sin(step * step);
  const nodes = blended(jitter);
  const weights = stepWeights(LAMBDAS);
  const means = (values: (step: number) => number) => {
    const sums = NODES.map(() => 0);
    for (let k = 0; k + 1 < NODES.length; k++) {
      for (let i = NODES[k]; i < NODES[k + 1] + (k + 2 === NODES.length ? 1 : 0); i++) {
        const share = (LAMBDAS[i] - LAMBDAS[NODES[k]]) / (LAMBDAS[NODES[k + 1]] - LAMBDAS[NODES[k]]);
        sums[k] += (1 - share) * weights[i] * values(i);
        sums[k + 1] += share * weights[i] * values(i);
      }
    }
    return sums;
  };
  const interpolated = (step: number) => {
    const k = Math.max(0, NODES.findIndex(node => node >= step) - 1);
    const share = (LAMBDAS[step] - LAMBDAS[NODES[k]]) / (LAMBDAS[NODES[k + 1]] - LAMBDAS[NODES[k]]);
    return (1 - share) * nodes[k] + share * nodes[k + 1];
  };
  const [exact, found] = [means(jitter), means(interpolated)];
  exact.forEach((value, k) => expect(found[k]).toBeCloseTo(value, 4));
  // At a single step each they would not be the same.
  expect(Math.abs(jitter(NODES[9]) - nodes[9])).toBeGreaterThan(0.1);
});

it('asks at the timestep itself where the neighbouring steps are asked as well', () => {
  expect(blends.slice(0, 3)).toEqual([0, 4, 8]);
  expect(averagedTimesteps(TIMESTEPS, LAMBDAS, [...TIMESTEPS.keys()])).toEqual(TIMESTEPS);
});

it('weighs the last step most: all of its estimate is in the result', () => {
  const last = blends[blends.length - 1];
  if (typeof last === 'number') throw new Error('expected a blend');
  expect(last.weights[last.timesteps.indexOf(996)]).toBeGreaterThan(0.7);
});
