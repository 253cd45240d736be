/**
 * `npm test`: everything, in two lanes side by side, because type checks, the build and the browser leave much of a second core idle.
 * The tests without a browser run in the second lane, at a lower priority, so that a browser that needs both cores has them; two at a time,
 * so that neither core is idle once the browser is done.
 * A lane goes on after a failure where its later steps still mean something; the exit status is 0 when every step passed.
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** Golden cases whose branches others cover run with `npm run test:golden` (test/support/golden.ts). */
process.env.SPINE_GOLDEN ??= 'covering';

const npm = (...args) => ['npm', ['run', '--silent', ...args]];
const jest = (...args) => [process.execPath, ['node_modules/jest/bin/jest.js', ...args]];

/** What both lanes need and neither may make while the other does. */
const first = { name: 'models', command: npm('models:restore') };
const lanes = [
  [
    { name: 'build', command: npm('build'), needed: true },
    { name: 'browser', command: jest('--selectProjects', 'browser', 'deploy', '--runInBand') },
  ],
  [
    { name: 'typecheck', command: npm('typecheck'), background: true },
    { name: 'lint', command: npm('lint'), background: true },
    {
      name: 'unit, contract, golden',
      command: jest('--selectProjects', 'unit', 'golden', 'contract', 'react19', '--maxWorkers=2'),
      background: true,
    },
  ],
];

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(1);
  });
}

/** Runs one step; what a step in the background prints comes when it ends, so that lines do not mix. */
function run({ name, command: [program, args], background = false }) {
  const started = Date.now();
  return new Promise(resolve => {
    const child = spawn(program, args, {
      stdio: ['ignore', background ? 'pipe' : 'inherit', background ? 'pipe' : 'inherit'],
    });
    running.add(child);
    const output = [];
    child.stdout?.on('data', chunk => output.push(chunk));
    child.stderr?.on('data', chunk => output.push(chunk));
    child.on('error', error => output.push(Buffer.from(`${error}\n`)));
    if (background && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.on('close', code => {
      running.delete(child);
      process.stdout.write(Buffer.concat(output));
      const seconds = Math.round((Date.now() - started) / 1000);
      process.stdout.write(`\n== ${name}: ${code === 0 ? 'passed' : 'FAILED'}, ${seconds} s\n`);
      resolve({ name, passed: code === 0 });
    });
  });
}

async function runLane(steps) {
  const results = [];
  for (const step of steps) {
    results.push(await run(step));
    if (step.needed && !results.at(-1).passed) break;
  }
  return results;
}

const started = Date.now();
const ready = await run(first);
const results = ready.passed ? (await Promise.all(lanes.map(runLane))).flat() : [ready];
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n== ${failed.length ? `FAILED: ${failed.join(', ')}` : 'everything passed'}, ${seconds} s in all`);
process.exitCode = failed.length ? 1 : 0;
