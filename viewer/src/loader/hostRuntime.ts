/** OHIF 3.13 shares nothing with plugins. The packages are taken out of the module runtime of its bundle. */
import { findHostModules, type HostModules, type ModuleTexts } from './hostModules';
import type { WantedExports } from './release';

/** The host's `require`: modules by id, and `m`, their functions. */
export interface HostRequire {
  (id: string): Record<string, unknown>;
  m: Record<string, unknown>;
}
type Chunk = [symbol[], object, (require: HostRequire) => void];
type Scope = Record<string, unknown>;

/**
 * Puts the packages on `scope` under their names, where UMD bundles look for them; what is there already stays.
 * @param scope the window
 * @throws Error saying what this host is, or what it lacks
 */
export function shareHostModules(scope: Scope, wanted: WantedExports): void {
  const require = hostRequire(scope);
  if (!require) {
    throw new Error(
      Array.isArray(scope.webpackChunk)
        ? 'the mode needs OHIF 3.13 or newer, and this viewer was built like 3.12 and older'
        : 'this is not OHIF 3.13: the viewer has no Rspack runtime to share its packages from'
    );
  }
  const modules = findHostModules(textsOf(require), wanted);
  for (const [name, shared] of Object.entries(sharedPackages(require, modules))) scope[name] ??= shared;
  const { version } = scope.react as { version?: string };
  if (!/^1[89]\./.test(String(version))) throw new Error(`this OHIF brings React ${version}; 18 or 19 is needed`);
}

/** Whether the packages were compiled into this host: its loader of modules then compares their names. */
export function isBuiltIn(scope: Scope, packages: readonly string[]): boolean {
  const require = hostRequire(scope);
  if (!require) return false;
  const texts = [...textsOf(require).values()];
  return packages.every(name => texts.some(text => text.includes(`"${name}"`) || text.includes(`'${name}'`)));
}

/** Its record of plugins comes with the first one; until then the setting that its loader reads tells such a host, minified or not. */
const LOADER = /\bruntime(?:Plugin|Extension)Origins\b/;

/** Whether the host loads plugins itself, from their descriptors: 3.14 and later. */
export function loadsPlugins(scope: Scope): boolean {
  const { runtimePlugins, runtimeExtensions } = (scope.__ohif ?? {}) as Record<string, unknown>;
  if (runtimePlugins ?? runtimeExtensions) return true;
  const require = hostRequire(scope);
  return require !== undefined && [...textsOf(require).values()].some(text => LOADER.test(text));
}

function hostRequire(scope: Scope): HostRequire | undefined {
  // The runtime calls the third part of every chunk with its `require`, also of one that brings no module.
  let require: HostRequire | undefined;
  const given: unknown = scope.rspackChunk;
  if (Array.isArray(given)) {
    const chunk: Chunk = [[Symbol('spine-oncology')], {}, found => (require = found)];
    given.push(chunk);
  }
  return require;
}

function textsOf({ m: modules }: HostRequire): ModuleTexts {
  return new Map(Object.keys(modules).map(id => [id, String(modules[id])]));
}

function sharedPackages(require: HostRequire, modules: HostModules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(modules).map(([name, { id, exports }]) => {
      const found = require(id);
      return [name, exports ? namedExports(found, exports) : found];
    })
  );
}

function namedExports(found: Record<string, unknown>, exports: Record<string, string>): Record<string, unknown> {
  const shared = { __esModule: true };
  for (const [name, property] of Object.entries(exports)) {
    Object.defineProperty(shared, name, { enumerable: true, get: () => found[property] });
  }
  return shared;
}
