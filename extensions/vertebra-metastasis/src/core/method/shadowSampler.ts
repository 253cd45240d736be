import { CLEAN_ALPHA_BAR, LAST_ALPHA_BAR, REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS } from './ddim';
import type { Sampler, SamplerId, SliceWalks } from './sampler';
import { alphaBars, halfLogSnr, usedTimesteps } from './schedule';
import type { Guide, WalkPlan, WalkPoint } from './shadowWalk';
import { shadowWalk } from './shadowWalk';
import { timeBlends } from './timeBlends';

/** Timesteps at which the network is asked on the way up and on the way down. */
export interface ShadowNodes {
  readonly up: readonly number[];
  readonly down: readonly number[];
}

/** Nodes of the ways of one slice. */
export interface SliceNodes {
  /** The slice itself, up and down with its own code. */
  readonly slice: ShadowNodes;
  /** Down with the healthy code. */
  readonly edit: readonly number[];
  /** The first composite. */
  readonly first: ShadowNodes;
  /** The composites that the first one guides. */
  readonly guided: ShadowNodes;
  /** Composites that come out near the threshold, once more. */
  readonly refined: ShadowNodes;
}

/**
 * `count` of the reference's timesteps on a way, the first and the last among them, at a density of 1 / (t + offset) + base: most
 * where there is little noise and x0 changes fast; up, the first of them are neighbours, where the clamp acts.
 */
function spread(direction: keyof ShadowNodes, count: number): number[] {
  const { steps, offset, base } = WAYS[direction];
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

const WAYS = {
  up: { steps: usedTimesteps(REFERENCE_INVERSION_STEPS), offset: 12, base: 0.0032 },
  down: { steps: usedTimesteps(REFERENCE_RENDER_STEPS).reverse(), offset: 25, base: 0.0032 },
};

const nodesOf = (up: number, down: number): ShadowNodes => ({ up: spread('up', up), down: spread('down', down) });

/** Where the network is asked; the numbers were chosen on tuning slices (docs/speed.md). */
export const NODES: SliceNodes = {
  slice: nodesOf(44, 28),
  edit: spread('down', 28),
  first: nodesOf(28, 20),
  guided: nodesOf(22, 20),
  refined: nodesOf(44, 28),
};

interface Plans {
  readonly up: WalkPlan;
  readonly down: WalkPlan;
}

interface SlicePlans {
  readonly slice: Plans;
  readonly edit: WalkPlan;
  readonly first: Plans;
  readonly guided: Plans;
  readonly refined: Plans;
}

/** Nodes at the two ends only, where just the points are of interest. */
const END_NODES = { up: [0, 996], down: [990, 0] };

function points(timesteps: readonly number[], last: number): WalkPoint[] {
  const table = alphaBars();
  return timesteps.map((timestep, i) => ({
    timestep,
    alphaBar: table[timestep],
    target: i + 1 < timesteps.length ? table[timesteps[i + 1]] : last,
    lambda: halfLogSnr(table[timestep]),
  }));
}

/** The walk of the reference with 250 steps up or 100 down, its network calls thinned out to the given timesteps. */
export function shadowPlan(direction: 'up' | 'down', timesteps: readonly number[]): WalkPlan {
  const every =
    direction === 'up'
      ? points(usedTimesteps(REFERENCE_INVERSION_STEPS), LAST_ALPHA_BAR)
      : points(usedTimesteps(REFERENCE_RENDER_STEPS).reverse(), CLEAN_ALPHA_BAR);
  const nodes = timesteps.map(timestep => every.findIndex(point => point.timestep === timestep));
  const ascending = nodes.every((node, i) => node >= 0 && (i === 0 || node > nodes[i - 1]));
  if (!ascending || nodes[0] !== 0 || nodes[nodes.length - 1] !== every.length - 1) {
    throw new RangeError(
      `nodes must be timesteps of the reference from its first to its last, got ${timesteps.join()}`
    );
  }
  const lambdas = every.map(({ lambda }) => lambda);
  const times = timeBlends(
    every.map(({ timestep }) => timestep),
    lambdas,
    nodes
  );
  return { points: every, nodes, times };
}

function plansOf({ slice, edit, first, guided, refined }: SliceNodes): SlicePlans {
  const both = ({ up, down }: ShadowNodes) => ({ up: shadowPlan('up', up), down: shadowPlan('down', down) });
  return {
    slice: both(slice),
    edit: shadowPlan('down', edit),
    first: both(first),
    guided: both(guided),
    refined: both(refined),
  };
}

/** Made once: a network remembers what it computed for a blend of timesteps as long as the blend is the same object. */
const PLANS = plansOf(NODES);

const cost = ({ up, down }: Plans) => up.nodes.length + down.nodes.length;

const timestepsOf = (plans: readonly WalkPlan[]) => [
  ...new Set(plans.flatMap(({ times }) => times.flatMap(time => (typeof time === 'number' ? time : time.timesteps)))),
];

/**
 * x0 along a way up, at the points of the way down: linear in lambda between neighbouring steps. The same image passes the
 * same states in both directions, but for the errors of the reference's own steps.
 */
export function mirrored(up: Guide): Guide {
  return MIRROR.map(({ before, after, weight }) => {
    const [from, to] = [up[before], up[after]];
    const between = new Float32Array(from.length);
    for (let i = 0; i < between.length; i++) between[i] = from[i] + weight * (to[i] - from[i]);
    return between;
  });
}

/** Between which points up each point down lies, and how near to the second. */
const MIRROR = mirror();

function mirror(): { before: number; after: number; weight: number }[] {
  const rising = shadowPlan('up', END_NODES.up).points;
  const last = rising.length - 1;
  return shadowPlan('down', END_NODES.down).points.map(({ timestep, lambda }) => {
    const after = rising.findIndex((point, i) => i === last || point.timestep > timestep);
    const before = Math.max(0, after - 1);
    return { before, after, weight: (lambda - rising[before].lambda) / (rising[after].lambda - rising[before].lambda) };
  });
}

/** a + b - c of images in single precision; `a` and `c` are of one image, `b` of each image of a batch. */
function shifted(a: Guide, b: Guide, c: Guide): Guide {
  return b.map((images, at) => {
    const sum = new Float32Array(images.length);
    const [plus, minus] = [a[at], c[at]];
    for (let start = 0; start < sum.length; start += plus.length) {
      for (let i = 0; i < plus.length; i++) sum[start + i] = plus[i] + images[start + i] - minus[i];
    }
    return sum;
  });
}

/**
 * The reference sampler followed with a small part of its network evaluations (see {@link shadowWalk}). What one way has
 * shown guides the next: the way up of an image its way down, the slice's reconstruction its healthy edit, the slice the
 * first composite, and that one the others.
 */
export function shadowSampler({
  nodes,
  id = 'fast' as SamplerId,
}: { nodes?: Partial<SliceNodes>; id?: SamplerId } = {}): Sampler {
  const {
    slice: own,
    edit: toHealthy,
    first: opening,
    guided: others,
    refined: finer,
  } = nodes ? plansOf({ ...NODES, ...nodes }) : PLANS;

  function walks(): SliceWalks {
    let sliceUp: Guide | undefined;
    let guide: { up: Guide; mirror: Guide; down: Guide } | undefined;
    return {
      async edit(network, patch, code, editedCode, hooks) {
        const [up, down] = [[] as Float32Array[], [] as Float32Array[]];
        const stochasticCode = await shadowWalk(network, patch, code, 1, own.up, hooks, undefined, up);
        const reconstruction = await shadowWalk(network, stochasticCode, code, 1, own.down, hooks, mirrored(up), down);
        const healthyEdit = await shadowWalk(network, stochasticCode, editedCode, 1, toHealthy, hooks, down);
        sliceUp = up;
        return { stochasticCode, reconstruction, healthyEdit };
      },
      async roundTrip(network, images, codes, batch, hooks) {
        const up: Float32Array[] = [];
        if (guide) {
          const noisy = await shadowWalk(network, images, codes, batch, others.up, hooks, guide.up, up);
          const expected = shifted(guide.down, mirrored(up), guide.mirror);
          return shadowWalk(network, noisy, codes, batch, others.down, hooks, expected);
        }
        if (batch !== 1) throw new RangeError(`the first image guides the others, so it comes alone; got ${batch}`);
        const down: Float32Array[] = [];
        const noisy = await shadowWalk(network, images, codes, 1, opening.up, hooks, sliceUp, up);
        const mirror = mirrored(up);
        const image = await shadowWalk(network, noisy, codes, 1, opening.down, hooks, mirror, down);
        guide = { up, mirror, down };
        return image;
      },
      async refine(network, images, codes, batch, hooks) {
        const up: Float32Array[] = [];
        const noisy = await shadowWalk(network, images, codes, batch, finer.up, hooks, sliceUp, up);
        return shadowWalk(network, noisy, codes, batch, finer.down, hooks, mirrored(up));
      },
    };
  }

  return {
    id,
    inversionEvaluations: own.up.nodes.length,
    renderEvaluations: own.down.nodes.length,
    editEvaluations: cost(own) + toHealthy.nodes.length,
    timesteps: timestepsOf([own, opening, others, finer].flatMap(({ up, down }) => [up, down]).concat(toHealthy)),
    guideImages: 1,
    roundTripEvaluations: count => (count > 0 ? cost(opening) + (count - 1) * cost(others) : 0),
    refinedEvaluations: count => count * cost(finer),
    invert: (network, patches, codes, batch, hooks) => shadowWalk(network, patches, codes, batch, own.up, hooks),
    render: (network, noisy, codes, batch, hooks) => shadowWalk(network, noisy, codes, batch, own.down, hooks),
    walks,
  };
}
