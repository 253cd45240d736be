import { version } from 'react';
import { version as domVersion } from 'react-dom';

test('this project runs under the React of OHIF 3.14', () => {
  expect([version, domVersion]).toEqual([expect.stringMatching(/^19\.2\./), version]);
});
