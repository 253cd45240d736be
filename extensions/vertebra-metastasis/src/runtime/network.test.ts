import type { Tensor } from 'onnxruntime-web';
import { PATCH_PIXELS } from '../core';
import { createNetwork } from './network';
import type { ModelSessions, OrtSession, TensorFactory } from './session';

const [CODE_SIZE, CONDITIONING] = [3, 5];
const createTensor: TensorFactory = (data, dims) => ({ type: 'float32', data, dims }) as never as Tensor;

/** Sessions that answer with zeros after a while, and notice when two run at once. */
function slowSessions() {
  const seen = { running: 0, most: 0, released: [] as string[] };
  const session = (
    name: string,
    outputs: (feeds: Readonly<Record<string, Tensor>>) => Record<string, number[]>
  ): OrtSession => ({
    async run(feeds) {
      seen.most = Math.max(seen.most, ++seen.running);
      await new Promise(resolve => setTimeout(resolve, 2));
      seen.running--;
      const dims = Object.entries(outputs(feeds));
      const zeros = (sizes: number[]) =>
        createTensor(new Float32Array(sizes.reduce((product, size) => product * size)), sizes);
      return Object.fromEntries(dims.map(([key, sizes]) => [key, zeros(sizes)]));
    },
    async release() {
      seen.released.push(name);
    },
  });
  const sessions: ModelSessions = {
    encoder: session('encoder', ({ patch }) => ({ code: [patch.dims[0], CODE_SIZE] })),
    timeConditioning: session('time', ({ timestep }) => ({
      time_scale: [timestep.dims[0], CONDITIONING],
      time_shift: [timestep.dims[0], CONDITIONING],
    })),
    codeConditioning: session('code', ({ code }) => ({ code_scale: [code.dims[0], CONDITIONING] })),
    noisePredictor: session('noise', ({ noisy }) => ({ noise: [...noisy.dims] })),
  };
  return { seen, sessions };
}

const manifest = { codeSize: CODE_SIZE, conditioningSize: CONDITIONING };
const images = (batch: number) => new Float32Array(batch * PATCH_PIXELS);
const codes = (batch: number) => new Float32Array(batch * CODE_SIZE);

it('runs one session at a time, however many ask', async () => {
  const { seen, sessions } = slowSessions();
  const network = createNetwork(sessions, manifest, { createTensor, preferredBatch: 4 });
  const [noise, code] = await Promise.all([
    network.predictNoise(images(2), 10, codes(2), 2),
    network.encode(images(1), 1),
    network.prepareTimesteps([20, 30]),
    network.predictNoise(images(1), 20, codes(1), 1),
  ]);
  expect([noise.length, code.length]).toEqual([2 * PATCH_PIXELS, CODE_SIZE]);
  expect(seen.most).toBe(1);
});

it('goes on after a call that fails, and frees the sessions behind what runs', async () => {
  const { seen, sessions } = slowSessions();
  const network = createNetwork(sessions, manifest, { createTensor, preferredBatch: 4 });
  await expect(network.encode(images(1), 2)).rejects.toMatchObject({ code: 'tensor-size' });
  const last = network.encode(images(1), 1);
  const disposed = network.dispose();
  expect(await last).toHaveLength(CODE_SIZE);
  expect(seen.released).toEqual([]);
  await disposed;
  expect([...seen.released].sort()).toEqual(['code', 'encoder', 'noise', 'time']);
});

it('hands noise predictions to the predictor that it is given, and frees that one in the session’s place', async () => {
  const { seen, sessions } = slowSessions();
  const released: string[] = [];
  const asked: number[] = [];
  const network = createNetwork(sessions, manifest, {
    createTensor,
    preferredBatch: 4,
    predictor: {
      predict: async ({ batch, noisy, codeScale }) => {
        asked.push(batch);
        expect(codeScale.dims).toEqual([batch, CONDITIONING]);
        return noisy.map(() => 7);
      },
      release: async () => void released.push('predictor'),
    },
  });
  expect((await network.predictNoise(images(3), 10, codes(3), 3)).every(value => value === 7)).toBe(true);
  expect(asked).toEqual([3]);
  await network.dispose();
  expect(released).toEqual(['predictor']);
  expect([...seen.released].sort()).toEqual(['code', 'encoder', 'time']);
});
