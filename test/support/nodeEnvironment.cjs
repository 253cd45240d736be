const { TestEnvironment } = require('jest-environment-node');

/**
 * Node's environment with the typed arrays of the outer realm: native addons such as onnxruntime-node compare constructors, and those of
 * jest's own realm are different objects (jest issue 7780).
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, {
      ArrayBuffer,
      BigInt64Array,
      Float32Array,
      Float64Array,
      Int16Array,
      Int32Array,
      Uint8Array,
      Uint16Array,
      Uint32Array,
    });
  }
};
