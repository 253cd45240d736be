/** Adds the plugins to whatever a site configured. */
import { shareHostModules } from './hostRuntime';
import { loadPlugin, type Plugin } from './loadPlugin';
import { packagesOf, type PluginDescriptor, type Release } from './release';
import type { Given } from './wrapConfig';

/** The parts of OHIF's configuration that are read or replaced here. */
export interface HostConfig {
  extensions?: unknown[];
  modes?: unknown[];
}
type HostImport = (name: string) => Promise<{ default: unknown }>;

/** What the loader reads and sets on the window. */
export interface HostWindow extends Record<string, unknown> {
  config?: Given;
  browserImportFunction?: HostImport;
  __ohif?: { runtimePlugins?: unknown; runtimeExtensions?: unknown };
  /** Of the site: `extensionConfiguration` goes to the extension. */
  spineSettings?: { extensionConfiguration?: object };
}

/**
 * @param config of the site; not changed
 * @param release with absolute addresses
 * @throws Error saying why the plugins cannot be added
 */
export async function addToConfig<C extends HostConfig>(scope: HostWindow, config: C, release: Release): Promise<C> {
  const { extensions = [], modes = [] } = config;
  const packages = packagesOf(release);
  // The site's configuration names them itself.
  if ([...extensions, ...modes].some(entry => packages.includes(nameOf(entry)))) return config;
  const added = loadsPlugins(scope) ? release : await loadAll(scope, release);
  const settings = scope.spineSettings?.extensionConfiguration;
  return {
    ...config,
    extensions: [...extensions, ...added.extensions.map(entry => (settings ? [entry, settings] : entry))],
    modes: [...modes, ...added.modes],
  };
}

/** 3.14 and later load plugins themselves, from their descriptors: nothing is taken out of such a host. */
function loadsPlugins({ __ohif: host }: HostWindow): boolean {
  return Boolean(host?.runtimePlugins ?? host?.runtimeExtensions);
}

/** OHIF 3.13: gives the bundles what they share, runs them, and lets the host find them by name, as a mode names its extensions. */
async function loadAll(scope: HostWindow, { extensions, modes, wantedExports, version }: Release) {
  shareHostModules(scope, wantedExports);
  const load = (descriptors: PluginDescriptor[]) =>
    Promise.all(descriptors.map(descriptor => loadPlugin(descriptor, version)));
  const [loadedExtensions, loadedModes] = await Promise.all([load(extensions), load(modes)]);
  const byName = new Map<string, Plugin>([...loadedExtensions, ...loadedModes].map(plugin => [plugin.id, plugin]));
  const hostImport = scope.browserImportFunction;
  scope.browserImportFunction = async name => {
    const plugin = byName.get(name);
    if (plugin) return { default: plugin };
    if (!hostImport) throw new Error(`${name} cannot be imported: this OHIF has no browserImportFunction.`);
    return hostImport(name);
  };
  return { extensions: loadedExtensions, modes: loadedModes };
}

/** Of an entry of `extensions` or `modes`: a name, a plugin, a descriptor, or one of these with its configuration. */
function nameOf(entry: unknown): string {
  const [one] = Array.isArray(entry) ? (entry as unknown[]) : [entry];
  if (typeof one === 'string') return one;
  const { packageName, id } = (one ?? {}) as { packageName?: string; id?: string };
  return packageName ?? id ?? '';
}
