#!/usr/bin/env node
/**
 * Runs a module of this folder in its Python environment: `node training/run.mjs vertebra_dae.convert --help`.
 *
 * The interpreter is $SPINE_PYTHON, else training/.venv. Relative paths in the arguments count from where npm was
 * called. With SPINE_STOP_WITH_STDIN the module gets SIGTERM (a training saves) when standard input closes. The exit status is the module's; 127 when there is no usable environment.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NO_ENVIRONMENT = 127;
const folder = path.dirname(fileURLToPath(import.meta.url));

const HOW_TO = `Make it once, from the root of the repository (needs Python 3.11 to 3.13):

  training/setup.sh            or, with CUDA for training: training/setup.sh --gpu

or by hand:

  python3 -m venv training/.venv
  training/.venv/bin/pip install -r training/requirements.lock

or name an interpreter that has these packages: SPINE_PYTHON=/path/to/python`;

/** Looks the packages up without importing them, which would take seconds. */
const MISSING_PACKAGES = `
from importlib.util import find_spec
print(', '.join(name for name in ('numpy', 'onnx', 'onnxruntime', 'torch') if find_spec(name) is None))`;

/** The interpreter to use, or the reason why there is none. */
function findPython() {
  const named = process.env.SPINE_PYTHON;
  const candidates = named
    ? [named]
    : [path.join(folder, '.venv', 'bin', 'python'), path.join(folder, '.venv', 'Scripts', 'python.exe')];
  const python = named ?? candidates.find(existsSync);
  if (!python) return { problem: `There is no Python environment at ${path.join(folder, '.venv')}.` };
  const probe = spawnSync(python, ['-c', MISSING_PACKAGES], { encoding: 'utf8' });
  if (probe.error) return { problem: `${python} cannot be started: ${probe.error.message}` };
  if (probe.status !== 0) return { problem: `${python} is not usable: ${probe.stderr.trim()}` };
  const missing = probe.stdout.trim();
  if (missing) return { problem: `${python} lacks packages: ${missing}` };
  return { python };
}

const [module, ...options] = process.argv.slice(2);
if (!module) {
  console.error('usage: node training/run.mjs <module> [options], for example vertebra_dae.convert --help');
  process.exit(2);
}
const { python, problem } = findPython();
if (!python) {
  console.error(`${problem}\n${HOW_TO}`);
  process.exit(NO_ENVIRONMENT);
}
const searchPath = [folder, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter);
const stopsWithStdin = Boolean(process.env.SPINE_STOP_WITH_STDIN);
const child = spawn(python, ['-m', module, ...options], {
  stdio: [stopsWithStdin ? 'ignore' : 'inherit', 'inherit', 'inherit'],
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: { ...process.env, PYTHONPATH: searchPath },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
// A caller that is killed cannot say so: its end of the pipe closes.
if (stopsWithStdin) process.stdin.on('close', () => child.kill('SIGTERM')).resume();
child.on('exit', (status, signal) => process.exit(status ?? 128 + constants.signals[signal]));
