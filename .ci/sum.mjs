// Prints "N passed, N failed" for the counts of both jest runs (one JSON line each) and pytest's JUnit report.
import { readFileSync } from 'node:fs';

const [countsFile, junitFile] = process.argv.slice(2);
const runs = readFileSync(countsFile, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line));
const expectedRuns = 2;
const suite = /<testsuite [^>]*>/.exec(readFileSync(junitFile, 'utf8'))?.[0];
if (suite) {
  const number = name => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  runs.push({ passed: number('tests') - failed - number('skipped'), failed });
}
const total = key => runs.reduce((sum, run) => sum + run[key], 0);
if (runs.length - (suite ? 1 : 0) === expectedRuns) {
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
} else {
  console.log('The tests did not run to their end: see above.');
}
