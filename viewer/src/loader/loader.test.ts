import { addToConfig, type HostWindow } from './addToConfig';
import type * as runtime from './hostRuntime';
import { type HostRequire, shareHostModules } from './hostRuntime';
import { loadPlugin } from './loadPlugin';
import { type Release, releaseAt } from './release';
import { type Given, watchConfig } from './wrapConfig';

jest.mock('./hostRuntime', () => ({ ...jest.requireActual('./hostRuntime'), shareHostModules: jest.fn() }));
jest.mock('./loadPlugin');
jest.mocked(loadPlugin).mockImplementation(async ({ packageName }) => ({ id: packageName }));

const descriptor = (packageName: string) => ({
  ...{ packageName, globalName: packageName, importPath: `${packageName.slice(3)}/1/index.umd.js` },
  ...{ coreVersionRange: '', integrity: '', styles: ['a.css'] },
});
const release: Release = {
  version: '1',
  extensions: [descriptor('@s/extension')],
  modes: [descriptor('@s/mode')],
  wantedExports: {},
};
const site = { name: 'site', extensions: ['theirs'], modes: ['@ohif/mode-basic'], routerBasename: '/x' };

describe('watchConfig', () => {
  const scopeWith = (config: unknown) => {
    const scope = { config: config as Given };
    watchConfig(scope, async given => ({ ...given, completed: true }));
    return scope as unknown as { config: ((given?: unknown) => Promise<object>) & typeof site };
  };

  it('keeps what the host reads before it calls a function, name included', async () => {
    const { config } = scopeWith(site);
    expect([config.routerBasename, config.name, config.modes]).toEqual(['/x', 'site', ['@ohif/mode-basic']]);
    expect(await config()).toEqual({ ...site, completed: true });
  });

  it('calls a function of the site with what the host gives it, once', async () => {
    const given = Object.assign(
      jest.fn(async (host: object) => ({ host })),
      { routerBasename: '/y' }
    );
    const { config } = scopeWith(given);
    expect(config.routerBasename).toBe('/y');
    expect(await config({ peerImport: 1 })).toEqual({ host: { peerImport: 1 }, completed: true });
    expect(given).toHaveBeenCalledTimes(1);
  });

  it('takes a frozen configuration, one set later and one put back', async () => {
    const scope = scopeWith(Object.freeze({ ...site }));
    expect(await scope.config()).toMatchObject({ completed: true });
    scope.config = { routerBasename: '/later' } as never;
    expect(scope.config.routerBasename).toBe('/later');
    const wrapped = scope.config;
    scope.config = wrapped;
    expect(scope.config).toBe(wrapped);
    expect(await scope.config()).toEqual({ routerBasename: '/later', completed: true });
  });

  it('copes with a configuration that cannot be replaced by an accessor, and with none', async () => {
    const scope = Object.defineProperty({}, 'config', { value: site, writable: true }) as { config: Given };
    watchConfig(scope, async given => ({ ...given, completed: true }));
    expect(await (scope.config as () => Promise<object>)()).toMatchObject({ completed: true });
    expect(scopeWith(undefined).config).toBeUndefined();
  });
});

describe('addToConfig', () => {
  it('appends to what the site has and lets the host find the plugins by name', async () => {
    const hostImport = jest.fn(async (name: string) => ({ default: name }));
    const scope: HostWindow = {
      browserImportFunction: hostImport,
      spineSettings: { extensionConfiguration: { a: 1 } },
    };
    const config = await addToConfig(scope, site, release);
    expect(config).toEqual({
      ...site,
      extensions: ['theirs', [{ id: '@s/extension' }, { a: 1 }]],
      modes: ['@ohif/mode-basic', { id: '@s/mode' }],
    });
    expect(site.extensions).toEqual(['theirs']);
    expect(await scope.browserImportFunction!('@s/mode')).toEqual({ default: { id: '@s/mode' } });
    expect(await scope.browserImportFunction!('@other/mode')).toEqual({ default: '@other/mode' });
  });

  it('works for a configuration without extensions and modes', async () => {
    expect(await addToConfig({}, {}, release)).toEqual({
      extensions: [{ id: '@s/extension' }],
      modes: [{ id: '@s/mode' }],
    });
  });

  it.each(['runtimePlugins', 'runtimeExtensions'])(
    'leaves a host alone that loads plugins itself (%s)',
    async record => {
      jest.mocked(shareHostModules).mockClear();
      const hostImport = async () => ({ default: 1 });
      const scope: HostWindow = { __ohif: { [record]: [] }, browserImportFunction: hostImport };
      const config = await addToConfig(scope, site, release);
      expect(config.modes).toEqual(['@ohif/mode-basic', release.modes[0]]);
      expect(shareHostModules).not.toHaveBeenCalled();
      expect(scope.browserImportFunction).toBe(hostImport);
    }
  );

  it.each([
    ['a name', '@s/mode'],
    ['a descriptor', release.modes[0]],
    ['a plugin with its configuration', [{ id: '@s/mode' }, {}]],
  ])('adds nothing twice: the site names it as %s', async (_how, mode) => {
    const named = { extensions: [], modes: [null, mode] };
    expect(await addToConfig({}, named, release)).toBe(named);
  });

  it('resolves addresses against the folder of the loader', () => {
    const [{ importPath, styles }] = releaseAt(release, 'https://cdn/v/plugins/').extensions;
    expect([importPath, styles]).toEqual([
      'https://cdn/v/plugins/extension/1/index.umd.js',
      ['https://cdn/v/plugins/a.css'],
    ]);
  });
});

describe('shareHostModules', () => {
  const { shareHostModules: share } = jest.requireActual<typeof runtime>('./hostRuntime');
  const hostOf = (modules: HostRequire['m']): Record<string, unknown> => {
    const require = Object.assign(() => ({}), { m: modules });
    return { rspackChunk: { push: undefined }, require };
  };

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['OHIF 3.12, built with webpack', { webpackChunk: [] }, /needs OHIF 3\.13 or newer.*3\.12 and older/],
    ['no OHIF', hostOf({}), /no OHIF 3\.13/],
    ['a minified host', minified(), /minified, or not 3\.13.*react\.production\.min\.js/],
  ])('names %s', (_host, scope, reason) => {
    expect(() => share(scope, {})).toThrow(reason);
  });

  /** Its array of chunks hands out a `require` as Rspack's runtime does. */
  function minified(): Record<string, unknown> {
    const rspackChunk: unknown[] = [];
    const require = Object.assign(() => ({}), { m: { 1: (e: unknown) => e } });
    rspackChunk.push = ((chunk: [unknown, unknown, (given: unknown) => void]) => chunk[2](require)) as never;
    return { rspackChunk };
  }
});
