/** The network that outlines vertebral bodies over an onnxruntime session, of whichever package. */
import { type BodyNetwork, InputError, TISSUES } from '../core';
import type { BodyManifest, BodySelfTest } from './bodyManifest';
import { floatOutput, type OrtSession, type TensorFactory } from './session';

/** @throws InputError 'model-shape' (from its `outline`) for a file that does not belong to the manifest */
export function createBodyNetwork(
  session: OrtSession,
  { block, id, version }: Pick<BodyManifest, 'block' | 'id' | 'version'>,
  createTensor: TensorFactory
): BodyNetwork {
  const [x, y, z] = block.dims;
  return {
    name: `${id} ${version}`,
    block,
    async outline(input) {
      const outputs = await session.run({ block: createTensor(input, [1, 2, z, y, x]) });
      return {
        body: floatOutput(outputs, 'body', [1, 1, z, y, x]),
        tissue: floatOutput(outputs, 'tissue', [1, TISSUES.length, z / 2, y / 2, x / 2]),
      };
    },
  };
}

/** Runs the stored evaluation. @throws InputError 'self-test' when the numbers differ */
export async function checkBodyNetwork(network: BodyNetwork, test: BodySelfTest): Promise<void> {
  const outputs = await network.outline(bodyTestBlock(network.block.dims));
  for (const name of ['body', 'tissue'] as const) {
    const { indices, logits } = test[name];
    const worst = indices.reduce((most, index, n) => {
      const off = Math.abs(outputs[name][index] - logits[n]);
      return Number.isNaN(off) ? Infinity : Math.max(most, off);
    }, 0);
    if (worst <= test.tolerance) continue;
    throw new InputError('self-test', { error: worst, tolerance: test.tolerance });
  }
}

/** An ellipsoid of 0.2 in a surrounding of -0.5; all known (see test_block in vertebra_body/export.py). */
function bodyTestBlock([nx, ny, nz]: BodyNetwork['block']['dims']): Float32Array {
  const cells = nx * ny * nz;
  const input = new Float32Array(2 * cells).fill(-0.5, 0, cells).fill(1, cells);
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        const [u, v, w] = [(x - (nx - 1) / 2) / 14, (y - (ny - 1) / 2) / 10, (z - (nz - 1) / 2) / 9];
        if (u * u + v * v + w * w < 1) input[at] = 0.2;
      }
  return input;
}
