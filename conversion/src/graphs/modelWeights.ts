/** The weights of one part of the network by layer name. */
import type { Weights } from '../checkpoint/weights';
import type { LayerWeights } from '../onnx/GraphBuilder';

export class ModelWeights {
  /** @param prefix of the part's keys: '' for the noise predictor, 'encoder.' for the encoder */
  constructor(
    private readonly weights: Weights,
    private readonly prefix = ''
  ) {}

  /** Weight and bias of a layer, in the checkpoint's shapes. @throws CommandError 'checkpoint-file' when they are damaged */
  async layer(name: string): Promise<LayerWeights> {
    const [weight, bias] = await Promise.all(
      ['weight', 'bias'].map(async part => {
        const key = `${this.prefix}${name}.${part}`;
        return { dims: this.weights.shapes.get(key)!, values: await this.weights.read(key) };
      })
    );
    return { weight, bias };
  }
}
