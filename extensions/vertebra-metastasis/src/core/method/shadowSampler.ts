import { CLEAN_ALPHA_BAR, LAST_ALPHA_BAR, REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS } from './ddim';
import type { RoundTrip, Sampler } from './sampler';
import { alphaBars, halfLogSnr, usedTimesteps } from './schedule';
import type { WalkPlan, WalkPoint } from './shadowWalk';
import { shadowWalk } from './shadowWalk';

/** Timesteps at which the network is asked on the way up and on the way down. */
export interface ShadowNodes {
  readonly up: readonly number[];
  readonly down: readonly number[];
}

/**
 * Nodes of the three kinds of walk: the slice itself, the first composite, and the others, which it guides. Where they lie
 * was found on tuning slices (docs/speed.md) by dynamic programming: least error of linear interpolation along the
 * reference's walks.
 */
export const SLICE_NODES: ShadowNodes = {
  up: [0, 4, 12, 20, 36, 60, 88, 136, 188, 260, 352, 436, 528, 632, 712, 824, 908, 996],
  down: [990, 830, 730, 640, 530, 430, 340, 230, 160, 110, 70, 40, 20, 10, 0],
};
export const GUIDE_NODES: ShadowNodes = {
  up: [0, 8, 20, 40, 68, 116, 168, 252, 344, 432, 536, 668, 816, 996],
  down: [990, 850, 740, 640, 530, 420, 330, 250, 180, 110, 60, 30, 10, 0],
};
export const GUIDED_NODES: ShadowNodes = {
  up: [0, 16, 52, 132, 256, 420, 728, 996],
  down: [990, 790, 640, 480, 350, 230, 130, 60, 20, 0],
};

/** Ahead of a node: linear, but constant where a guide is rendered, as measured (docs/speed.md). */
const ORDER = 2;
const GUIDED_RENDER_ORDER = 1;

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
export function shadowPlan(direction: 'up' | 'down', timesteps: readonly number[], order: 1 | 2 = ORDER): WalkPlan {
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
  return { points: every, nodes, order };
}

/**
 * The reference sampler followed with a small part of its network evaluations (see {@link shadowWalk}). Of the composites
 * of a slice the first is followed closely; it then guides the others, which need fewer nodes.
 */
export function shadowSampler({ slice = SLICE_NODES, guide = GUIDE_NODES, guided = GUIDED_NODES } = {}): Sampler {
  const own = { up: shadowPlan('up', slice.up), down: shadowPlan('down', slice.down) };
  const first = { up: shadowPlan('up', guide.up), down: shadowPlan('down', guide.down) };
  const others = { up: shadowPlan('up', guided.up), down: shadowPlan('down', guided.down, GUIDED_RENDER_ORDER) };
  const cost = ({ up, down }: ShadowNodes) => up.length + down.length;

  function roundTrips(): RoundTrip {
    let trails: { up: Float32Array[]; down: Float32Array[] } | undefined;
    return async (network, images, codes, batch, hooks) => {
      if (trails) {
        const noisy = await shadowWalk(network, images, codes, batch, others.up, hooks, trails.up);
        return shadowWalk(network, noisy, codes, batch, others.down, hooks, trails.down);
      }
      if (batch !== 1) throw new RangeError(`the first image guides the others, so it comes alone; got ${batch}`);
      const made = { up: [] as Float32Array[], down: [] as Float32Array[] };
      const noisy = await shadowWalk(network, images, codes, batch, first.up, hooks, undefined, made.up);
      const image = await shadowWalk(network, noisy, codes, batch, first.down, hooks, undefined, made.down);
      trails = made;
      return image;
    };
  }

  return {
    id: 'fast',
    inversionEvaluations: slice.up.length,
    renderEvaluations: slice.down.length,
    timesteps: [...new Set([slice, guide, guided].flatMap(({ up, down }) => [...up, ...down]))],
    guideImages: 1,
    roundTripEvaluations: count => (count > 0 ? cost(guide) + (count - 1) * cost(guided) : 0),
    invert: (network, patches, codes, batch, hooks) => shadowWalk(network, patches, codes, batch, own.up, hooks),
    render: (network, noisy, codes, batch, hooks) => shadowWalk(network, noisy, codes, batch, own.down, hooks),
    roundTrips,
  };
}
