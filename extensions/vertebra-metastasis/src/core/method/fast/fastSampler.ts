import type { DiffusionAutoencoder } from '../../types';
import type { HealthyEdit, Hooks, Sampler, SliceTrajectories } from '../sampler';
import type { NodeSamplerId, SliceNodes } from '../samplerSpec';
import {
  type DirectionPlans,
  type EditPlans,
  GUIDED_NODES,
  NODES,
  editCost,
  planCost,
  planTimesteps,
  type SlicePlans,
  slicePlans,
  THOROUGH_NODES,
} from './evaluationNodes';
import type { Trajectory } from './integrateSparse';
import { integrateSparse } from './integrateSparse';
import { expectedRenderTrajectory, shiftedTrajectory } from './referenceTrajectory';

const NODES_OF: Readonly<Record<NodeSamplerId, SliceNodes>> = {
  fast: NODES,
  thorough: THOROUGH_NODES,
  guided: GUIDED_NODES,
};

const PLANS = new Map<NodeSamplerId, SlicePlans>();

/** Made once: a network caches what it computed for an averaged time as long as the time is the same object. */
function plansOf(id: NodeSamplerId): SlicePlans {
  const plans = PLANS.get(id) ?? slicePlans(NODES_OF[id]);
  PLANS.set(id, plans);
  return plans;
}

/**
 * The reference sampler followed with a small part of its network evaluations (see {@link integrateSparse}). Each trajectory
 * serves as reference for the next: an image's inversion for its render, the slice's reconstruction for its healthy edit,
 * the slice for the first composite, and that one for the others.
 * @param nodes in place of those of the sampler named
 */
export function fastSampler({ nodes, id = 'fast' }: { nodes?: Partial<SliceNodes>; id?: NodeSamplerId } = {}): Sampler {
  const all = { ...NODES_OF[id], ...nodes };
  const plans = nodes ? slicePlans(all) : plansOf(id);
  const { slice, firstComposite, otherComposites, rescored, repeated } = plans;
  // Few of a slice's composites are scored then, of several slices at a time: each is guided by its own slice alone.
  const single = id === 'guided';

  function trajectories(): SliceTrajectories {
    let sliceInversion: Trajectory | undefined;
    let first: { inversion: Trajectory; expectedRender: Trajectory; render: Trajectory } | undefined;
    return {
      async edit(network, patch, code, editedCode, hooks, onRepeated) {
        let walk = await editWalk(network, patch, code, editedCode, plans, hooks);
        if (repeated && walk.deviation > repeated.above) {
          onRepeated?.(editCost(repeated));
          walk = await editWalk(network, patch, code, editedCode, repeated, hooks);
        }
        sliceInversion = walk.inversion;
        return walk.result;
      },

      async roundTrip(network, images, codes, batch, hooks) {
        if (single) return guidedPass(network, images, codes, batch, otherComposites, sliceInversion, hooks);
        const inversion: Float32Array[] = [];
        if (first) {
          const noisy = await integrateSparse(network, images, codes, batch, otherComposites.inversion, hooks, {
            referenceTrajectory: first.inversion,
            trajectory: inversion,
          });
          const expected = shiftedTrajectory(first.render, expectedRenderTrajectory(inversion), first.expectedRender);
          return integrateSparse(network, noisy, codes, batch, otherComposites.render, hooks, {
            referenceTrajectory: expected,
          });
        }
        if (batch !== 1) {
          throw new RangeError(`the first image is the reference for the others, so it comes alone; got ${batch}`);
        }
        const render: Float32Array[] = [];
        const noisy = await integrateSparse(network, images, codes, 1, firstComposite.inversion, hooks, {
          referenceTrajectory: sliceInversion,
          trajectory: inversion,
        });
        const expectedRender = expectedRenderTrajectory(inversion);
        const image = await integrateSparse(network, noisy, codes, 1, firstComposite.render, hooks, {
          referenceTrajectory: expectedRender,
          trajectory: render,
        });
        first = { inversion, expectedRender, render };
        return image;
      },

      async rescore(network, images, codes, batch, hooks) {
        return guidedPass(network, images, codes, batch, rescored, sliceInversion, hooks);
      },
    };
  }

  return {
    id,
    spec: { id, nodes: all },
    inversionEvaluations: slice.inversion.nodes.length,
    renderEvaluations: slice.render.nodes.length,
    editEvaluations: editCost(plans),
    timesteps: planTimesteps(plans),
    referenceImages: single ? 0 : 1,
    roundTripEvaluations: count =>
      single
        ? count * planCost(otherComposites)
        : count > 0
          ? planCost(firstComposite) + (count - 1) * planCost(otherComposites)
          : 0,
    rescoringEvaluations: count => count * planCost(rescored),
    invert: (network, patches, codes, batch, hooks) =>
      integrateSparse(network, patches, codes, batch, slice.inversion, hooks),
    render: (network, noisy, codes, batch, hooks) => integrateSparse(network, noisy, codes, batch, slice.render, hooks),
    trajectories,
  };
}

/** A slice's healthy edit, and the deviation that decides whether it is repeated (`RepeatedEdit`). */
async function editWalk(
  network: DiffusionAutoencoder,
  patch: Float32Array,
  code: Float32Array,
  editedCode: Float32Array,
  { slice, edit }: EditPlans,
  hooks?: Hooks
): Promise<{ result: HealthyEdit; inversion: Trajectory; deviation: number }> {
  const [inversion, render] = [[] as Float32Array[], [] as Float32Array[]];
  let deviation = 0;
  const onDeviation = (one: number) => void (deviation += one);
  const stochasticCode = await integrateSparse(network, patch, code, 1, slice.inversion, hooks, {
    trajectory: inversion,
    onDeviation,
  });
  const reconstruction = await integrateSparse(network, stochasticCode, code, 1, slice.render, hooks, {
    referenceTrajectory: expectedRenderTrajectory(inversion),
    trajectory: render,
    onDeviation,
  });
  const healthyEdit = await integrateSparse(network, stochasticCode, editedCode, 1, edit, hooks, {
    referenceTrajectory: render,
    onDeviation,
  });
  return { result: { stochasticCode, reconstruction, healthyEdit }, inversion, deviation };
}

/** Images to noise and back, the slice's inversion as reference trajectory of theirs. */
async function guidedPass(
  network: DiffusionAutoencoder,
  images: Float32Array,
  codes: Float32Array,
  batch: number,
  plans: DirectionPlans,
  sliceInversion: Trajectory | undefined,
  hooks?: Hooks
): Promise<Float32Array> {
  const inversion: Float32Array[] = [];
  const noisy = await integrateSparse(network, images, codes, batch, plans.inversion, hooks, {
    referenceTrajectory: sliceInversion,
    trajectory: inversion,
  });
  return integrateSparse(network, noisy, codes, batch, plans.render, hooks, {
    referenceTrajectory: expectedRenderTrajectory(inversion),
  });
}
