import type { DiffusionAutoencoder, ProviderReason, Sampler, SamplerSpec, ScreeningNetwork } from '../core';
import { attributeSlices, InputError, samplerFromSpec, screenKinds, screenSlices } from '../core';
import { evaluationTime } from './evaluationTime';
import type { InferenceCalls, LoadedModel, LoadProgress, PauseEvent, ReasonEvent } from './inferenceCalls';
import type { LoadedNetwork } from './network';
import { createPauseGate } from './pauseGate';
import { serveCalls, type ServerPort } from './rpc/server';

/** A model ready to run, and what the page is told of it. */
export interface OpenedModel {
  readonly network: LoadedNetwork;
  readonly loaded: LoadedModel;
}

export type ModelOpener = (
  params: InferenceCalls['load']['params'],
  onProgress: (progress: LoadProgress) => void,
  onReason: (reason: ProviderReason) => void
) => Promise<OpenedModel>;

/** Answers the calls of {@link InferenceCalls}. Cancelling and pausing take effect between two network evaluations. */
export function serveInference(port: ServerPort, openModel: ModelOpener): void {
  const gate = createPauseGate();
  const samplerOf = rememberingSampler();
  let model: OpenedModel | undefined;

  function loadedModel() {
    if (!model) throw new InputError('no-model');
    return model;
  }

  async function release(): Promise<undefined> {
    const network = model?.network;
    model = undefined;
    await network?.dispose();
    return undefined;
  }

  const tell = serveCalls<InferenceCalls, PauseEvent, ReasonEvent>(
    port,
    {
      async load(params, { report }) {
        await release();
        let phase: LoadProgress['phase'] | undefined;
        const onProgress = (progress: LoadProgress) => {
          report(progress, progress.phase !== phase || isComplete(progress));
          phase = progress.phase;
        };
        model = await openModel(params, onProgress, reason => tell({ reason }));
        return model.loaded;
      },
      encode: ({ patches, batch }) => loadedModel().network.encode(patches, batch),
      predictNoise: ({ noisy, time, codes, batch }) => loadedModel().network.predictNoise(noisy, time, codes, batch),
      screen({ patches, count }, { cancel }) {
        const { network, loaded } = loadedModel();
        const { classifier } = loaded.manifest;
        return screenSlices(interruptible(network, cancel), classifier, patches, count, { cancel });
      },
      screenKinds({ stacks, count }, { cancel }) {
        const { screening } = loadedModel().network;
        if (!screening) throw new InputError('screening-network', { reason: 'the model has none' });
        return screenKinds(interruptibleScreening(screening, cancel), stacks, count, { cancel });
      },
      attribute({ slices, method }, { cancel, report }) {
        const { network, loaded } = loadedModel();
        let [done, planned] = [0, 0];
        return attributeSlices(
          interruptible(network, cancel),
          loaded.manifest.classifier,
          slices,
          { ...method, sampler: samplerOf(method.sampler) },
          {
            cancel,
            onPlan: evaluations => report({ done, planned: (planned = evaluations) }),
            onEvaluations: count => report({ done: (done += count), planned }),
          }
        );
      },
      time: () => evaluationTime(loadedModel().network),
      release,
    },
    ({ paused }) => (paused ? gate.close() : gate.open())
  );

  /** The same for the screening network. */
  function interruptibleScreening(network: ScreeningNetwork, cancel: AbortSignal): ScreeningNetwork {
    return {
      async kindLogits(stacks, batch) {
        await nextTask();
        await gate.pass(cancel);
        return network.kindLogits(stacks, batch);
      },
    };
  }

  /**
   * The network, giving way to waiting messages around every evaluation. WebAssembly runs an evaluation without returning
   * to the event loop and its promise resolves as a microtask, so without this a cancel or pause would be read only at the end.
   */
  function interruptible(network: DiffusionAutoencoder, cancel: AbortSignal): DiffusionAutoencoder {
    return {
      codeSize: network.codeSize,
      preferredBatch: network.preferredBatch,
      prepareTimesteps: network.prepareTimesteps?.bind(network),
      async encode(patches, batch) {
        await nextTask();
        await gate.pass(cancel);
        return network.encode(patches, batch);
      },
      stepsAtOnce: network.stepsAtOnce,
      advance:
        network.advance &&
        (async (images, steps, codes, batch) => {
          const advanced = await network.advance!(images, steps, codes, batch);
          await nextTask();
          await gate.pass(cancel);
          return advanced;
        }),
      async predictNoise(noisy, time, codes, batch) {
        const noise = await network.predictNoise(noisy, time, codes, batch);
        // After and not before: the sampler looks at the cancel signal just before its next evaluation.
        await nextTask();
        await gate.pass(cancel);
        return noise;
      },
    };
  }
}

/**
 * The sampler of a specification, the same object as long as the specification is the same: the network caches what it computed
 * for a sampler's averaged times by identity.
 */
function rememberingSampler(): (spec: SamplerSpec) => Sampler {
  let last: { readonly key: string; readonly sampler: Sampler } | undefined;
  return spec => {
    const key = JSON.stringify(spec);
    if (last?.key !== key) last = { key, sampler: samplerFromSpec(spec) };
    return last.sampler;
  };
}

function isComplete(progress: LoadProgress): boolean {
  return progress.phase === 'download' && progress.loadedBytes === progress.totalBytes;
}

/** Resolves in a new task of the event loop, behind the messages that wait there. setTimeout would add 4 ms each time. */
function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
