/** The screening network over its session, and what it has to prove before it is used. */
import { InputError, PATCH_PIXELS, PATCH_SIZE, type ScreeningNetwork, STACK_CHANNELS, STACK_KINDS } from '../core';
import { lastOfBatch, type SelfTest, worstDifference } from './selfTest';
import { createSerialQueue, type SerialQueue } from './serialQueue';
import { floatOutput, type OrtSession, type TensorFactory } from './session';

/** Runs one after another with the model's other networks. */
export function screeningNetwork(
  session: OrtSession,
  createTensor: TensorFactory,
  queue: SerialQueue
): ScreeningNetwork {
  return {
    kindLogits: (stacks, batch) =>
      queue.run(async () => {
        const expected = batch * STACK_CHANNELS * PATCH_PIXELS;
        if (stacks.length !== expected) {
          throw new InputError('tensor-size', { what: 'stacks of slices', found: stacks.length, expected });
        }
        const dims = [batch, STACK_CHANNELS, PATCH_SIZE, PATCH_SIZE];
        const outputs = await session.run({ slices: createTensor(stacks, dims) });
        return floatOutput(outputs, 'logits', [batch, STACK_KINDS]);
      }),
  };
}

/** Batches in which it is tried: alone, and one in which images of other content come before. */
const TRIED_BATCHES = [1, 3];

/**
 * Opens the screening network on the first of the providers on which it runs, and has it prove itself there: it is small, and a
 * graphics card that lacks one of its operations must not keep the whole model from that card.
 * @throws InputError 'screening-network' where none is left
 */
export async function openScreening<Provider>(
  providers: readonly Provider[],
  open: (provider: Provider) => Promise<OrtSession>,
  createTensor: TensorFactory,
  test: SelfTest
): Promise<OrtSession> {
  let reason = '';
  for (const provider of providers) {
    let session: OrtSession | undefined;
    try {
      session = await open(provider);
      await checkScreening(screeningNetwork(session, createTensor, createSerialQueue()), test);
      return session;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      await session?.release();
    }
  }
  throw new InputError('screening-network', { reason });
}

/** Runs it on a stack made of the self-test's patch: output, shape and finiteness, and the stored logits where the self-test has them. */
async function checkScreening(network: ScreeningNetwork, test: SelfTest): Promise<void> {
  const { screeningLogits: expected, tolerance } = test;
  const stack = selfTestStack(test);
  for (const batch of TRIED_BATCHES) {
    const found = (await network.kindLogits(lastOfBatch(stack, batch), batch)).slice(-STACK_KINDS);
    if (!found.every(Number.isFinite)) throw new Error(`its logits are ${Array.from(found).join(', ')}`);
    const error = expected ? worstDifference(found, expected) / Math.max(1, ...expected.map(Math.abs)) : 0;
    if (error > tolerance) {
      throw new Error(
        `its logits are off by ${error.toExponential(1)} of those in the self-test (allowed ${tolerance})`
      );
    }
  }
}

/**
 * The stack whose logits a self-test may hold, [6, 64, 64]: its patch times 0.8, 0.9, 1, 1.1 and 1.2, and as body mask 1 where the
 * patch is above 0.5.
 */
export function selfTestStack({ patch }: Pick<SelfTest, 'patch'>): number[] {
  const images = [0.8, 0.9, 1, 1.1, 1.2].flatMap(factor => patch.map(value => factor * value));
  return [...images, ...patch.map(value => (value > 0.5 ? 1 : 0))];
}
