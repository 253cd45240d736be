import { addToConfig, type HostConfig, type HostWindow, withoutPlugins } from './addToConfig';
import type * as runtime from './hostRuntime';
import { type HostRequire, shareHostModules } from './hostRuntime';
import { loadPlugin } from './loadPlugin';
import { type Release, releaseAt } from './release';
import { type Given, watchConfig } from './wrapConfig';

jest.mock('./hostRuntime', () => ({ ...jest.requireActual('./hostRuntime'), shareHostModules: jest.fn() }));
jest.mock('./loadPlugin');
jest.mocked(loadPlugin).mockImplementation(async ({ packageName }) => ({ id: packageName }));

const descriptor = (packageName: string) => ({
  packageName,
  globalName: packageName,
  importPath: `${packageName.slice(3)}/1/index.umd.js`,
  coreVersionRange: '',
  integrity: '',
  styles: ['a.css'],
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

  it('reads getters when the host does, of a class too', async () => {
    let signedIn = false;
    class Site {
      own = 1;
      get routerBasename() {
        return '/of-class';
      }
    }
    const given = Object.defineProperty(new Site(), 'user', { enumerable: true, get: () => signedIn });
    const { config } = scopeWith(given);
    expect(config.routerBasename).toBe('/of-class');
    signedIn = true;
    expect(await config()).toEqual({ own: 1, user: true, completed: true });
  });

  it('keeps what a script below changes in the configuration, or adds to it', async () => {
    const given: Record<string, unknown> = { ...site, modes: [...site.modes] };
    const { config } = scopeWith(given);
    Object.assign(config, { routerBasename: '/changed', showStudyList: false });
    config.modes.push('@another/mode');
    given.late = true;
    expect([config.routerBasename, given.routerBasename]).toEqual(['/changed', '/changed']);
    expect(await config()).toEqual({
      ...site,
      routerBasename: '/changed',
      modes: ['@ohif/mode-basic', '@another/mode'],
      showStudyList: false,
      late: true,
      completed: true,
    });
    expect(Object.keys({ ...config })).toEqual(
      Object.keys(given)
        .concat('showStudyList')
        .filter(key => key !== 'late')
    );
  });

  it('takes a configuration that another plugin wrapped, or wraps', async () => {
    const scope = scopeWith(site);
    const before = scope.config;
    const other = Object.assign(async (...given: unknown[]) => ({ ...(await before(...given)), other: true }), {
      routerBasename: before.routerBasename,
    });
    scope.config = other as never;
    expect(scope.config.routerBasename).toBe('/x');
    expect(await scope.config()).toEqual({ ...site, other: true, completed: true });
  });

  it('finds a function declaration that replaced the accessor', async () => {
    const scope: { config?: Given } = {};
    const complete = async (given: object) => ({ ...given, completed: true });
    watchConfig(scope, complete);
    const value = () => ({ declared: true });
    Object.defineProperty(scope, 'config', { value, writable: true, enumerable: true, configurable: false });
    watchConfig(scope, complete);
    expect(await (scope.config as () => Promise<object>)()).toEqual({ declared: true, completed: true });
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

  it.each<[string, HostConfig]>([
    ['without extensions and modes', {}],
    ['with null for them', { extensions: null, modes: null }],
    ['with sets', { extensions: new Set(), modes: new Set() }],
    ['frozen', Object.freeze({ extensions: Object.freeze([]), modes: Object.freeze([]) })],
  ])('works for a configuration %s', async (_how, config) => {
    expect(await addToConfig({}, config, release)).toEqual({
      extensions: [{ id: '@s/extension' }],
      modes: [{ id: '@s/mode' }],
    });
  });

  it.each([
    [{ customizationService: ['@ohif/extension-default.customizationModule.datasources'] }],
    [{ customizationService: { 'workList.columns': { $set: [] } }, dataSources: Object.freeze([]) }],
  ])('leaves everything else of a configuration as it is: %j', async more => {
    expect(await addToConfig({}, { ...site, ...more }, release)).toMatchObject(more);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /returns undefined instead of a configuration/],
    [null, /returns null/],
    [{ modes: '@ohif/mode-basic' }, /"modes" in the configuration is not a list/],
    [{ extensions: { a: 1 } }, /"extensions" in the configuration is not a list/],
  ])('names what is no configuration: %j', async (config, reason) => {
    await expect(addToConfig({}, config as HostConfig, release)).rejects.toThrow(reason);
  });

  it.each<[string, HostWindow]>([
    ['by its record', { __ohif: { runtimePlugins: [] } }],
    ['by its record in the first drafts', { __ohif: { runtimeExtensions: [] } }],
    ['before its first plugin, minified', hostOf({ 7: (w: HostWindow) => w.runtimePluginOrigins ?? [] })],
    ['before its first plugin in the first drafts', hostOf({ 7: (w: HostWindow) => w.runtimeExtensionOrigins ?? [] })],
  ])('leaves a host alone that loads plugins itself, told %s', async (_how, host) => {
    jest.mocked(shareHostModules).mockClear();
    const hostImport = async () => ({ default: 1 });
    const scope: HostWindow = { ...host, browserImportFunction: hostImport };
    const config = await addToConfig(scope, site, release);
    expect(config.modes).toEqual(['@ohif/mode-basic', release.modes[0]]);
    expect(shareHostModules).not.toHaveBeenCalled();
    expect(scope.browserImportFunction).toBe(hostImport);
    const named = { ...site, modes: [release.modes[0]] };
    expect(await addToConfig(scope, named, release)).toBe(named);
    expect(withoutPlugins(scope, named, release)).toBe(named);
  });

  it('adds nothing twice: another loader around it has them already', async () => {
    const named = { extensions: [], modes: [null, [{ id: '@s/mode' }, {}]] };
    expect(await addToConfig({}, named, release)).toBe(named);
    const once = await addToConfig({}, site, release);
    expect(await addToConfig({}, once, release)).toBe(once);
  });

  it('puts the plugins where a site names them, with its settings: as a name, as the descriptor for 3.14', async () => {
    const named = { extensions: ['a', [release.extensions[0], { own: 1 }], 'b'], modes: ['@s/mode', 'c'] };
    const scope: HostWindow = { spineSettings: { extensionConfiguration: { shared: 1 } } };
    expect(await addToConfig(scope, named, release)).toEqual({
      extensions: ['a', [{ id: '@s/extension' }, { own: 1 }], 'b'],
      modes: [{ id: '@s/mode' }, 'c'],
    });
  });

  it('adds nothing to a host that has them built in', async () => {
    const loads = (name: string) => name === '@s/extension' || name === '@s/mode';
    jest.mocked(loadPlugin).mockClear();
    const named = { extensions: [], modes: ['@s/mode'] };
    expect(await addToConfig(hostOf({ 1: loads }), named, release)).toBe(named);
    expect(loadPlugin).not.toHaveBeenCalled();
    expect(withoutPlugins(hostOf({ 1: loads }), named, release)).toBe(named);
  });

  it('after a failure the host is asked for nothing that it cannot have', () => {
    const named = { a: 1, extensions: ['x', release.extensions[0]], modes: ['@s/mode', [null], 'y'] };
    expect(withoutPlugins({}, named, release)).toEqual({ a: 1, extensions: ['x'], modes: [[null], 'y'] });
    expect(withoutPlugins({}, {}, release)).toEqual({ extensions: [], modes: [] });
    expect(withoutPlugins({}, { modes: 'no list' }, release)).toEqual({ modes: 'no list' });
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
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['OHIF 3.12, built with webpack', { webpackChunk: [] }, /needs OHIF 3\.13 or newer.*3\.12 and older/],
    ['no OHIF', {}, /not OHIF 3\.13/],
    ['a minified host', hostOf({ 1: (e: unknown) => e }), /minified, or not 3\.13.*react\.production\.min\.js/],
  ])('names %s', (_host, scope, reason) => {
    expect(() => share(scope, {})).toThrow(reason);
  });
});

/** Its array of chunks hands out a `require` as Rspack's runtime does. */
function hostOf(modules: HostRequire['m']): HostWindow {
  const rspackChunk: unknown[] = [];
  const require = Object.assign(() => ({}), { m: modules });
  rspackChunk.push = ((chunk: [unknown, unknown, (given: unknown) => void]) => chunk[2](require)) as never;
  return { rspackChunk };
}
