import { referenceSampler } from './ddim';
import { fastSampler } from './fast/fastSampler';
import { odeSampler } from './multistep';
import { SAMPLER_IDS, samplerById, samplerFromSpec } from './samplers';
import { gaussianNetwork, timestepsOf } from './testNetworks';

describe.each(SAMPLER_IDS)('sampler %s', id => {
  it('announces exactly the timesteps and the number of evaluations it makes', async () => {
    const sampler = samplerById(id);
    const network = gaussianNetwork(0.2);
    const code = Float32Array.of(0.5);
    const stochasticCode = await sampler.invert(network, Float32Array.of(0.2, 0.7), code, 1);
    expect(network.calls).toHaveLength(sampler.inversionEvaluations);
    await sampler.render(network, stochasticCode, code, 1);
    expect(network.calls).toHaveLength(sampler.inversionEvaluations + sampler.renderEvaluations);
    const { edit, roundTrip } = sampler.trajectories();
    network.calls.length = 0;
    await edit(network, Float32Array.of(0.2), code, Float32Array.of(0.4));
    expect(network.calls).toHaveLength(sampler.editEvaluations);
    for (const value of [0.2, 0.7]) await roundTrip(network, Float32Array.of(value), code, 1);
    expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(2));
    const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    expect(ascending(sampler.timesteps)).toEqual(ascending(timestepsOf(network.calls)));
  });
});

it.each([
  ['reference', referenceSampler({ inversionSteps: 10, renderSteps: 20 })],
  ['ode', odeSampler({ inversionSteps: 7, renderSteps: 5 })],
  ['fast', fastSampler()],
  ['guided', fastSampler({ id: 'guided' })],
  ['thorough, nodes of its own', fastSampler({ id: 'thorough', nodes: { edit: [990, 500, 0] } })],
])('a sampler sent as plain data is the same sampler: %s', async (_, sampler) => {
  const again = samplerFromSpec(structuredClone(sampler.spec));
  const { spec, timesteps, inversionEvaluations, renderEvaluations, editEvaluations } = again;
  expect({ spec, timesteps, inversionEvaluations, renderEvaluations, editEvaluations }).toEqual({
    spec: sampler.spec,
    timesteps: sampler.timesteps,
    inversionEvaluations: sampler.inversionEvaluations,
    renderEvaluations: sampler.renderEvaluations,
    editEvaluations: sampler.editEvaluations,
  });
});
