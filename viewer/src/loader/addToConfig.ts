/** Adds the plugins to whatever a site configured. */
import { isBuiltIn, loadsPlugins, shareHostModules } from './hostRuntime';
import { loadPlugin, type Plugin } from './loadPlugin';
import { packagesOf, type PluginDescriptor, type Release } from './release';
import type { Given } from './wrapConfig';

/** The parts of OHIF's configuration that are read or replaced here. */
export interface HostConfig {
  extensions?: unknown;
  modes?: unknown;
}
type HostImport = (name: string) => Promise<{ default: unknown }>;

/** What the loader reads and sets on the window. */
export interface HostWindow extends Record<string, unknown> {
  config?: Given;
  browserImportFunction?: HostImport;
  PUBLIC_URL?: string;
  /** Of the site: `extensionConfiguration` goes to the extension. */
  spineSettings?: { extensionConfiguration?: object };
}

/**
 * @param config of the site; not changed
 * @param release with absolute addresses
 * @throws Error saying why the plugins cannot be added
 */
export async function addToConfig<C extends HostConfig>(scope: HostWindow, config: C, release: Release): Promise<C> {
  const extensions = listOf(config, 'extensions');
  const modes = listOf(config, 'modes');
  const packages = packagesOf(release);
  const entries = [...extensions, ...modes].filter(entry => packages.includes(nameOf(entry)));
  const settings = scope.spineSettings?.extensionConfiguration;
  const place = (added: Release | LoadedPlugins) => ({
    ...config,
    extensions: placed(extensions, added.extensions, settings),
    modes: placed(modes, added.modes),
  });
  // Nothing is taken out of a host that loads plugins itself.
  if (loadsPlugins(scope)) return entries.length ? config : place(release);
  // Another loader around this one has them already, or the site built them in.
  if (entries.some(isPlugin) || isBuiltIn(scope, packages)) return config;
  return place(await loadAll(scope, release));
}

/** The configuration without what only the loader could have provided: a host that is asked for it would not start. */
export function withoutPlugins<C extends HostConfig>(scope: HostWindow, config: C, release: Release): C {
  const packages = packagesOf(release);
  const foreign = (entry: unknown) => isPlugin(entry) || !packages.includes(nameOf(entry));
  try {
    if (loadsPlugins(scope) || isBuiltIn(scope, packages)) return config;
    const [extensions, modes] = [listOf(config, 'extensions'), listOf(config, 'modes')];
    return { ...config, extensions: extensions.filter(foreign), modes: modes.filter(foreign) };
  } catch {
    return config; // it is no configuration
  }
}

interface LoadedPlugins {
  extensions: Plugin[];
  modes: Plugin[];
}

/** OHIF 3.13: gives the bundles what they share, runs them, and lets the host find them by name, as a mode names its extensions. */
async function loadAll(scope: HostWindow, release: Release): Promise<LoadedPlugins> {
  shareHostModules(scope, release.wantedExports);
  const load = (descriptors: PluginDescriptor[]) =>
    Promise.all(descriptors.map(descriptor => loadPlugin(descriptor, release.version)));
  const [extensions, modes] = await Promise.all([load(release.extensions), load(release.modes)]);
  const byName = new Map<string, Plugin>([...extensions, ...modes].map(plugin => [plugin.id, plugin]));
  const hostImport = scope.browserImportFunction;
  scope.browserImportFunction = async name => {
    const plugin = byName.get(name);
    if (plugin) return { default: plugin };
    if (!hostImport) throw new Error(`${name} cannot be imported: this OHIF has no browserImportFunction.`);
    return hostImport(name);
  };
  return { extensions, modes };
}

/** A list of the configuration with the plugins in the places where the site names them, else at its end. @param settings for each, where the site gives none */
function placed(list: unknown[], plugins: readonly (Plugin | PluginDescriptor)[], settings?: object): unknown[] {
  const byName = new Map(plugins.map(plugin => [nameOf(plugin), plugin]));
  const named = list.map(entry => {
    const plugin = byName.get(nameOf(entry));
    if (!plugin) return entry;
    byName.delete(nameOf(entry));
    const given = Array.isArray(entry) ? (entry as unknown[])[1] : settings;
    return given ? [plugin, given] : plugin;
  });
  return [...named, ...[...byName.values()].map(plugin => (settings ? [plugin, settings] : plugin))];
}

/** @throws Error naming what is no list; one that is left out is empty */
function listOf(config: HostConfig | null | undefined, key: 'extensions' | 'modes'): unknown[] {
  if (!config || typeof config !== 'object')
    throw new Error(`window.config returns ${String(config)} instead of a configuration`);
  const list = config[key] ?? [];
  if (typeof list === 'object' && Symbol.iterator in list) return [...(list as Iterable<unknown>)];
  throw new Error(`"${key}" in the configuration is not a list`);
}

/** Of an entry of `extensions` or `modes`: a name, a plugin, a descriptor, or one of these with its configuration. */
function nameOf(entry: unknown): string {
  const one = first(entry);
  if (typeof one === 'string') return one;
  const { packageName, id } = (one ?? {}) as { packageName?: string; id?: string };
  return packageName ?? id ?? '';
}

/** Neither a name nor a descriptor, which 3.13 cannot load. */
function isPlugin(entry: unknown): boolean {
  const one = first(entry);
  return typeof one === 'object' && one !== null && 'id' in one;
}

const first = (entry: unknown): unknown => (Array.isArray(entry) ? (entry as unknown[])[0] : entry);
