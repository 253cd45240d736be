import { CLEAN_ALPHA_BAR, LAST_ALPHA_BAR, REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS } from './ddim';
import type { Sampler, SamplerId, SliceWalks } from './sampler';
import { alphaBars, halfLogSnr, usedTimesteps } from './schedule';
import type { Guide, WalkPlan, WalkPoint } from './shadowWalk';
import { shadowWalk } from './shadowWalk';

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
}

/**
 * Where the network is asked. The lists were found on tuning slices by moving one node at a time, for the least difference of
 * where the way ends from where the reference's ends (docs/speed.md).
 */
export const NODES: SliceNodes = {
  slice: {
    up: [
      0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 88, 100, 112, 128, 144, 160, 180, 200, 220, 240, 264, 288,
      312, 336, 388, 392, 444, 448, 480, 532, 540, 572, 604, 640, 672, 708, 744, 776, 812, 848, 884, 924, 960, 996,
    ],
    down: [990, 930, 840, 730, 650, 540, 470, 400, 300, 270, 210, 190, 140, 110, 80, 50, 30, 20, 10, 0],
  },
  edit: [
    990, 920, 850, 790, 720, 660, 600, 540, 490, 430, 380, 330, 290, 250, 210, 170, 140, 110, 80, 60, 50, 40, 30, 20,
    10, 0,
  ],
  first: {
    up: [
      0, 4, 8, 12, 20, 24, 32, 44, 52, 64, 80, 96, 116, 136, 156, 204, 232, 236, 268, 300, 356, 392, 408, 444, 488, 528,
      572, 616, 660, 704, 752, 800, 848, 896, 948, 996,
    ],
    down: [990, 930, 840, 730, 650, 540, 470, 400, 300, 270, 210, 190, 140, 110, 80, 50, 30, 20, 10, 0],
  },
  guided: {
    up: [0, 4, 8, 12, 20, 32, 52, 80, 116, 156, 204, 268, 332, 400, 472, 548, 628, 708, 788, 868, 948, 996],
    down: [990, 840, 750, 630, 530, 440, 340, 260, 180, 110, 70, 30, 10, 0],
  },
};

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
  return { points: every, nodes };
}

/**
 * x0 along a way up, at the points of the way down: linear in lambda between neighbouring steps. The same image passes the
 * same states in both directions, but for the errors of the reference's own steps.
 */
export function mirrored(up: Guide): Guide {
  const rising = shadowPlan('up', END_NODES.up).points;
  const last = rising.length - 1;
  return shadowPlan('down', END_NODES.down).points.map(({ timestep, lambda }) => {
    const after = rising.findIndex((point, i) => i === last || point.timestep > timestep);
    const before = Math.max(0, after - 1);
    const weight = (lambda - rising[before].lambda) / (rising[after].lambda - rising[before].lambda);
    return up[before].map((value, i) => value + weight * (up[after][i] - value));
  });
}

/** a + b - c of images in single precision; `a` and `c` are of one image, `b` of each image of a batch. */
function shifted(a: Guide, b: Guide, c: Guide): Guide {
  return b.map((images, at) => images.map((value, i) => a[at][i % a[at].length] + value - c[at][i % c[at].length]));
}

/**
 * The reference sampler followed with a small part of its network evaluations (see {@link shadowWalk}). What one way has
 * shown guides the next: the way up of an image its way down, the slice's reconstruction its healthy edit, the slice the
 * first composite, and that one the others.
 */
export function shadowSampler({
  nodes = {},
  id = 'fast' as SamplerId,
}: { nodes?: Partial<SliceNodes>; id?: SamplerId } = {}): Sampler {
  const { slice, edit, first, guided } = { ...NODES, ...nodes };
  const plans = ({ up, down }: ShadowNodes) => ({ up: shadowPlan('up', up), down: shadowPlan('down', down) });
  const own = plans(slice);
  const toHealthy = shadowPlan('down', edit);
  const [opening, others] = [plans(first), plans(guided)];
  const cost = ({ up, down }: ShadowNodes) => up.length + down.length;

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
    };
  }

  return {
    id,
    inversionEvaluations: slice.up.length,
    renderEvaluations: slice.down.length,
    editEvaluations: cost(slice) + edit.length,
    timesteps: [...new Set([slice, first, guided].flatMap(({ up, down }) => [...up, ...down]).concat(edit))],
    guideImages: 1,
    roundTripEvaluations: count => (count > 0 ? cost(first) + (count - 1) * cost(guided) : 0),
    invert: (network, patches, codes, batch, hooks) => shadowWalk(network, patches, codes, batch, own.up, hooks),
    render: (network, noisy, codes, batch, hooks) => shadowWalk(network, noisy, codes, batch, own.down, hooks),
    walks,
  };
}
