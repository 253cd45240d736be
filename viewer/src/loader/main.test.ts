/** The loader as a page runs it: once, before, after and without the configuration it is for. */
import type { HostConfig, HostWindow } from './addToConfig';

const tellUnavailable = jest.fn();
jest.mock('../../../modes/spine-oncology/src/unavailable', () => ({ tellUnavailable }));
const addToConfig = jest.fn(
  async (_scope: HostWindow, config: HostConfig, release: { extensions: { importPath: string }[] }) => ({
    ...config,
    added: release.extensions[0].importPath,
  })
);
jest.mock('./addToConfig', () => ({
  addToConfig,
  withoutPlugins: (_scope: HostWindow, config: object) => ({ ...config, without: true }),
}));

const page = {
  readyState: 'loading',
  currentScript: null as { src: string } | null,
  addEventListener: (_type: string, listen: () => void) => listeners.push(listen),
};
let listeners: (() => void)[];
let scope: Record<string, unknown> & { config(...given: unknown[]): Promise<object> };
const globals = globalThis as unknown as Record<string, unknown>;

beforeEach(() => {
  listeners = [];
  scope = {
    location: { href: 'https://pacs.example/viewer/spine-oncology?StudyInstanceUIDs=1' },
    PUBLIC_URL: '/viewer',
  } as never;
  Object.assign(page, { readyState: 'loading', currentScript: { src: 'https://cdn.example/v/loader.js?1' } });
  Object.assign(globals, {
    window: scope,
    document: page,
    spineOncologyRelease: {
      version: '1',
      modes: [],
      wantedExports: {},
      extensions: [{ packageName: '@s/e', importPath: 'e/1/index.umd.js', styles: [] }],
    },
  });
  jest.clearAllMocks();
});
afterAll(() => {
  for (const name of ['window', 'document', 'spineOncologyRelease']) delete globals[name];
});
const run = () => jest.isolateModulesAsync(async () => void (await import('./main')));

it.each<[string, { src: string } | null, string]>([
  ['beside itself', { src: 'https://cdn.example/v/loader.js?1' }, 'https://cdn.example/v/e/1/index.umd.js'],
  [
    'below the viewer, when the page does not say where it is',
    null,
    'https://pacs.example/viewer/plugins/@spine-oncology/e/1/index.umd.js',
  ],
])('looks for the plugins %s', async (_where, currentScript, added) => {
  page.currentScript = currentScript;
  scope.config = { site: 1 } as never;
  await run();
  expect(await scope.config()).toEqual({ site: 1, added });
});

it('does its work once when it is included twice', async () => {
  scope.config = (async () => ({ site: 1 })) as never;
  await run();
  await run();
  expect(await scope.config()).toMatchObject({ site: 1 });
  expect(addToConfig).toHaveBeenCalledTimes(1);
});

it('takes a configuration that comes after it, also as a function declaration', async () => {
  await run();
  Object.defineProperty(scope, 'config', { value: () => ({ late: 1 }), writable: true, configurable: false });
  for (const listen of listeners) listen();
  expect(await scope.config()).toMatchObject({ late: 1, added: expect.any(String) });
});

it('a failure: the reason on the page, and the site without the plugins', async () => {
  addToConfig.mockRejectedValueOnce(new Error('this host is odd'));
  scope.config = { site: 1 } as never;
  await run();
  expect(await scope.config()).toEqual({ site: 1, without: true });
  expect(tellUnavailable.mock.calls).toEqual([['This host is odd. https://cdn.example/v/check.html finds out more.']]);
});

it('says so when it comes too late', async () => {
  Object.assign(page, { readyState: 'interactive' });
  Object.assign(scope, { rspackChunk: [], config: { site: 1 } });
  await run();
  expect(scope.config).toEqual({ site: 1 });
  expect(tellUnavailable.mock.calls).toEqual([
    [expect.stringMatching(/^The loader ran after the viewer had started: load it/)],
  ]);
});
