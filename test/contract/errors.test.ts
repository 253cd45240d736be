/** Every error is worded in every language, and every language says all that its parameters know. */
import {
  describeError,
  type ErrorCode,
  type Fault,
  faultOf,
  InputError,
  inputError,
} from '../../extensions/vertebra-metastasis/src/core';
import { de } from '../../extensions/vertebra-metastasis/src/ui/strings/de';
import { en } from '../../extensions/vertebra-metastasis/src/ui/strings/en';
import { ERROR_EXAMPLES } from '../support/errorExamples';

const LANGUAGES = { English: en, German: de };
const examples = Object.entries(ERROR_EXAMPLES).map(([code, params]) => ({ code, params }) as Fault);

/** Another value of the same kind. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 10 : 10;
  if (typeof value === 'boolean') return !value;
  if (value === 'head-feet') return 'front-back';
  if (typeof value === 'string')
    return value === 'SEG' ? 'SR' : ['RTSTRUCT', 'SR', 'file'].includes(value) ? 'SEG' : `${value}9`;
  if (Array.isArray(value)) return value.map(changed);
  return { code: 'slice-beyond-reach', params: { reachMm: 4 } };
}

describe.each(Object.entries(LANGUAGES))('%s', (_, strings) => {
  test.each(examples.map(fault => [fault.code, fault] as const))('%s uses all its parameters', (code, fault) => {
    const { text } = strings.problem(fault);
    expect(text).not.toMatch(/undefined|\[object|NaN mm/);
    expect(text.length).toBeGreaterThan(10);
    const silent = Object.entries(fault.params).filter(([name, value]) => {
      const other = { code, params: { ...fault.params, [name]: changed(value) } } as Fault;
      return strings.problem(other).text === text;
    });
    expect(silent.map(([name]) => name)).toEqual([]);
    expect(strings.problem({ ...fault, file: 'a/b.dcm' }).text).toBe(`a/b.dcm: ${text}`);
  });
});

test('no two languages say the same', () => {
  expect(examples.filter(fault => en.problem(fault).text === de.problem(fault).text)).toEqual([]);
});

test('an error is its data: made again after its way from a worker, and of a file it did not know', () => {
  const error = new InputError('uneven-slices', ERROR_EXAMPLES['uneven-slices']);
  const again = inputError(structuredClone(faultOf(error)));
  expect(again).toBeInstanceOf(InputError);
  expect([again.code, again.params, again.message]).toEqual([error.code, error.params, error.message]);
  expect(error.in('x/1.dcm').message).toBe(`x/1.dcm: ${error.message}`);
  expect(faultOf(new TypeError('x is null'))).toEqual({ code: 'unexpected', params: { message: 'x is null' } });
});

test('the command line uses English', () => {
  for (const fault of examples) expect(describeError(fault)).toBe(en.problem(fault).text);
  const code: ErrorCode = 'no-ct';
  expect(new InputError(code).message).toBe(describeError({ code, params: {} }));
});
