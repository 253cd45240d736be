import { binaryReadable, encodingFor } from './segEncoding';

test.each([
  [[512, 512, 9], true],
  [[250, 250, 9], false],
  [[500, 502, 9], true],
  [[513, 511, 9], false],
] as const)('a slice of %j fills whole bytes: %s', (dims, whole) => {
  expect(binaryReadable({ dims })).toBe(whole);
  expect(encodingFor({ dims }, 'BINARY')).toBe(whole ? 'BINARY' : 'LABELMAP');
  expect(encodingFor({ dims }, 'LABELMAP')).toBe('LABELMAP');
});
