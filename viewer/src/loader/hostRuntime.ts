/** OHIF 3.13 shares nothing with plugins. The packages are taken out of the module runtime of its bundle. */
import { findHostModules, type HostModules } from './hostModules';
import type { WantedExports } from './release';

/** The host's `require`: modules by id, and `m`, their functions. */
export interface HostRequire {
  (id: string): Record<string, unknown>;
  m: Record<string, unknown>;
}
type Chunk = [symbol[], object, (require: HostRequire) => void];

/**
 * Puts the packages on `scope` under their names, where UMD bundles look for them; what is there already stays.
 * @param scope the window
 * @throws Error saying what this host is, or what it lacks
 */
export function shareHostModules(scope: Record<string, unknown>, wanted: WantedExports): void {
  const require = hostRequire(scope);
  const texts = new Map(Object.keys(require.m).map(id => [id, String(require.m[id])]));
  const modules = findHostModules(texts, wanted);
  for (const [name, shared] of Object.entries(sharedPackages(require, modules))) scope[name] ??= shared;
  const { version } = scope.react as { version?: string };
  if (!/^1[89]\./.test(String(version))) throw new Error(`this OHIF brings React ${version}; 18 or 19 is needed`);
}

function hostRequire(scope: Record<string, unknown>): HostRequire {
  // The runtime calls the third part of every chunk with its `require`, also of one that brings no module.
  let require: HostRequire | undefined;
  const given: unknown = scope.rspackChunk;
  if (Array.isArray(given)) {
    const chunk: Chunk = [[Symbol('spine-oncology')], {}, found => (require = found)];
    given.push(chunk);
  }
  if (require) return require;
  if (Array.isArray(scope.webpackChunk)) {
    throw new Error('it needs OHIF 3.13 or newer, and this one was built as 3.12 and older are');
  }
  throw new Error('this is no OHIF 3.13: it has no rspack runtime to share its packages from');
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
