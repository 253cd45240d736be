/** Every code that an InputError can carry has a German sentence; the English message stays readable beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { de } from './de';
import { en } from './en';
import { findDe } from './findDe';
import { problemsDe } from './problemsDe';

const SOURCE = join(__dirname, '../..');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('testing')
);
/** First arguments of InputError, of the helpers that pass a code on, and constants that hold one. */
const CODES = [
  /InputError\(\s*'([a-z-]+)'/g,
  /\bsame\('\w+', '([a-z-]+)'/g,
  /parseWith\(\w+, \w+, '([a-z-]+)'/g,
  /code: '([a-z-]+)', message/g,
  /DUPLICATE = '([a-z-]+)'/g,
];
const codes = new Set(
  files.flatMap(name => {
    const text = readFileSync(join(SOURCE, name), 'utf8');
    return CODES.flatMap(pattern => [...text.matchAll(pattern)].map(([, code]) => code));
  })
);

test('all codes of the sources are known in German, and no other', () => {
  const said = new Set([...Object.keys(problemsDe), ...Object.keys(findDe.refused)]);
  expect(codes.size).toBeGreaterThan(70);
  expect([...codes].filter(code => !said.has(code))).toEqual([]);
  // Written as `error.code ?? 'unknown'` and `... : 'unexpected'`.
  const indirect = ['unknown', 'unexpected'];
  expect(Object.keys(problemsDe).filter(code => !codes.has(code) && !indirect.includes(code))).toEqual([]);
});

test('German says the cause, with the English message as its detail; English shows the message alone', () => {
  const problem = { code: 'body-at-edge', message: 'The vertebral body with label 7 touches the border of the CT.' };
  expect(de.problem(problem)).toEqual({ text: problemsDe['body-at-edge'], details: problem.message });
  expect(en.problem(problem)).toEqual({ text: problem.message });
  expect(de.problem({ code: 'click-disc', message: 'Schon deutsch.' })).toEqual({ text: 'Schon deutsch.' });
});
