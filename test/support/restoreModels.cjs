const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Before the tests: the networks that the repository keeps compressed (conversion/src/storedModel.ts), where one is missing. */
module.exports = () => {
  const root = join(__dirname, '../..');
  const files = readdirSync(join(root, 'models'), { recursive: true }).filter(name => name.endsWith('.planes.gz'));
  const restored = files.map(name => join(root, 'models', name.replace('.planes.gz', '')));
  if ([...restored, join(root, 'models/tiny/noise_predictor.onnx')].every(file => existsSync(file))) return;
  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'conversion/src/restore.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
};
