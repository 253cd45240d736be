const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** Before the tests: the ONNX files of models/tiny, which the repository keeps as a checkpoint. */
module.exports = () => {
  const root = join(__dirname, '../..');
  if (existsSync(join(root, 'models/tiny/noise_predictor.onnx')) && existsSync(join(root, 'models/tiny/tiny-dae.ckpt')))
    return;
  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'conversion/src/restore.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
};
