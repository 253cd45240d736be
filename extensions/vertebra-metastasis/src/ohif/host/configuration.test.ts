import { parseConfiguration } from './configuration';

test('what is wrong is named, and the defaults stand in for it', () => {
  const { problem, ...configuration } = parseConfiguration({ archiveTimeoutSeconds: -1, assetsBase: '/x' });
  expect(problem?.message).toMatch(
    /archiveTimeoutSeconds: .*; .*assetsBase.*Ask the administrator of this viewer to correct it/
  );
  expect(configuration).toEqual({ models: [], preferred: 'auto', archiveTimeoutSeconds: 120, drafts: true });
});

test('nothing configured, and something', () => {
  expect(parseConfiguration(undefined)).toEqual(parseConfiguration({}));
  expect(parseConfiguration({ preferred: 'wasm' })).toMatchObject({ preferred: 'wasm' });
  expect(parseConfiguration({ preferred: 'wasm' }).problem).toBeUndefined();
});
