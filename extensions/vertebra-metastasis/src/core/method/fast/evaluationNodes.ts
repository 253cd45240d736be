import type { NoiseTime } from '../../types';
import { CLEAN_ALPHA_BAR, LAST_ALPHA_BAR, REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS } from '../ddim';
import type { NodeTimesteps, SliceNodes } from '../samplerSpec';
import { alphaBars, halfLogSnr, usedTimesteps } from '../schedule';
import { averagedTimesteps } from './averagedTimesteps';
import type { SchedulePoint, SparsePlan } from './integrateSparse';

export type Direction = keyof NodeTimesteps;

/** The reference's timesteps in order of integration, and the density of nodes on them: 1 / (t + offset) + base. */
const SCHEDULES = {
  inversion: {
    steps: usedTimesteps(REFERENCE_INVERSION_STEPS),
    offset: 12,
    base: 0.0032,
    lastAlphaBar: LAST_ALPHA_BAR,
  },
  render: {
    steps: usedTimesteps(REFERENCE_RENDER_STEPS).reverse(),
    offset: 25,
    base: 0.0032,
    lastAlphaBar: CLEAN_ALPHA_BAR,
  },
};

interface NodeDensity {
  readonly offset: number;
  readonly base: number;
}

/**
 * `count` of the reference's timesteps, the first and the last among them: most where there is little noise and x0 changes
 * fast; in inversion the first of them are neighbours, where the clamp acts.
 */
function chooseNodes(direction: Direction, count: number, sparse?: NodeDensity): number[] {
  const { steps } = SCHEDULES[direction];
  const { offset, base } = sparse ?? SCHEDULES[direction];
  const density = steps.map(timestep => 1 / (timestep + offset) + base);
  const total = density.reduce((sum, value) => sum + value, 0);
  let passed = 0;
  const shares = density.map(value => (passed += value) / total);
  const nodes: number[] = [];
  for (let k = 0; k < count; k++) {
    const wanted = shares[0] + (k / (count - 1)) * (1 - shares[0]);
    const reached = shares.findIndex(share => share >= wanted - 1e-9);
    nodes.push(Math.min(Math.max(reached, k > 0 ? nodes[k - 1] + 1 : 0), steps.length - count + k));
  }
  return nodes.map(node => steps[node]);
}

const nodesOf = (inversion: number, render: number): NodeTimesteps => ({
  inversion: chooseNodes('inversion', inversion),
  render: chooseNodes('render', render),
});

const CLOSE_WALK = { slice: nodesOf(44, 28), edit: chooseNodes('render', 28) };

/** The numbers of nodes were chosen on tuning slices, the deviation on the few at hand whose edits miss the reference (docs/speed.md). */
export const NODES: SliceNodes = {
  slice: nodesOf(24, 18),
  edit: chooseNodes('render', 18),
  firstComposite: nodesOf(16, 12),
  otherComposites: nodesOf(16, 12),
  rescored: nodesOf(28, 20),
  repeated: { above: 0.52, ...CLOSE_WALK },
};

/** Nearly twice as many: what `fast` had up to model 0.7.0. */
export const THOROUGH_NODES: SliceNodes = {
  ...CLOSE_WALK,
  firstComposite: nodesOf(28, 20),
  otherComposites: nodesOf(22, 20),
  rescored: nodesOf(44, 28),
};

/** Where a walk has a dozen nodes, they are spread differently; chosen on tuning slices as well. */
const SPARSE = { inversion: { offset: 4, base: 0.0064 }, render: { offset: 8, base: 0.0064 } };
const SPARSE_RENDER = chooseNodes('render', 12, SPARSE.render);

const SPARSE_COMPOSITE = nodesOf(16, 14);

/** Of the sampler that is judged by whole vertebrae. */
export const GUIDED_NODES: SliceNodes = {
  slice: { inversion: chooseNodes('inversion', 12, SPARSE.inversion), render: SPARSE_RENDER },
  edit: SPARSE_RENDER,
  firstComposite: SPARSE_COMPOSITE,
  otherComposites: SPARSE_COMPOSITE,
  rescored: nodesOf(28, 20),
};

/** Every step of the reference in one direction. */
export function schedulePoints(direction: Direction): SchedulePoint[] {
  const { steps, lastAlphaBar } = SCHEDULES[direction];
  const table = alphaBars();
  return steps.map((timestep, i) => ({
    timestep,
    alphaBar: table[timestep],
    target: i + 1 < steps.length ? table[steps[i + 1]] : lastAlphaBar,
    lambda: halfLogSnr(table[timestep]),
  }));
}

/**
 * The reference's 250 inversion or 100 render steps with the network evaluated at the given timesteps only.
 * @throws RangeError unless they are timesteps of the reference, in its order, its first and last among them
 */
export function sparsePlan(direction: Direction, timesteps: readonly number[]): SparsePlan {
  const points = schedulePoints(direction);
  const nodes = timesteps.map(timestep => points.findIndex(point => point.timestep === timestep));
  const ascending = nodes.every((node, i) => node >= 0 && (i === 0 || node > nodes[i - 1]));
  if (!ascending || nodes[0] !== 0 || nodes[nodes.length - 1] !== points.length - 1) {
    throw new RangeError(
      `nodes must be timesteps of the reference from its first to its last, got ${timesteps.join()}`
    );
  }
  const times = averagedTimesteps(
    points.map(({ timestep }) => timestep),
    points.map(({ lambda }) => lambda),
    nodes
  );
  return { points, nodes, times };
}

export type DirectionPlans = Readonly<Record<Direction, SparsePlan>>;

/** Inversion and reconstruction of a slice, and its edit. */
export interface EditPlans {
  readonly slice: DirectionPlans;
  readonly edit: SparsePlan;
}

/** A plan for each entry of {@link SliceNodes}. */
export interface SlicePlans extends EditPlans {
  readonly firstComposite: DirectionPlans;
  readonly otherComposites: DirectionPlans;
  readonly rescored: DirectionPlans;
  readonly repeated?: EditPlans & { readonly above: number };
}

export function slicePlans(nodes: SliceNodes): SlicePlans {
  const { slice, edit, firstComposite, otherComposites, rescored, repeated } = nodes;
  const both = ({ inversion, render }: NodeTimesteps) => ({
    inversion: sparsePlan('inversion', inversion),
    render: sparsePlan('render', render),
  });
  const walk = (one: Pick<SliceNodes, keyof EditPlans>): EditPlans => ({
    slice: both(one.slice),
    edit: sparsePlan('render', one.edit),
  });
  return {
    ...walk({ slice, edit }),
    ...(repeated ? { repeated: { ...walk(repeated), above: repeated.above } } : {}),
    firstComposite: both(firstComposite),
    otherComposites: both(otherComposites),
    rescored: both(rescored),
  };
}

/** Network evaluations of one image, inverted and rendered. */
export const planCost = ({ inversion, render }: DirectionPlans): number => inversion.nodes.length + render.nodes.length;

/** Network evaluations of a slice's inversion, reconstruction and edit. */
export const editCost = ({ slice, edit }: EditPlans): number => planCost(slice) + edit.nodes.length;

/** Every timestep that the plans evaluate the network at or average over, each once; what is rarely repeated is not among them. */
export function planTimesteps({ slice, edit, firstComposite, otherComposites, rescored }: SlicePlans): number[] {
  const both = [slice, firstComposite, otherComposites, rescored];
  const plans = [...both.flatMap(({ inversion, render }) => [inversion, render]), edit];
  const timesteps = (time: NoiseTime) => (typeof time === 'number' ? [time] : time.timesteps);
  return [...new Set(plans.flatMap(({ times }) => times.flatMap(timesteps)))];
}
