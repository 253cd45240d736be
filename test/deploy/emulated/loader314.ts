/**
 * What OHIF 3.14's documentation says of its loader, on a 3.13 host: shared packages are globals, UMD bundles come by import(url),
 * every attempt is recorded, an entry may carry its configuration, an id must be its package name.
 */
import { shareHostModules } from '../../../viewer/src/loader/hostRuntime';
import type { PluginDescriptor, WantedExports } from '../../../viewer/src/loader/release';

interface PluginRecord {
  packageName: string;
  kind: 'extension' | 'mode';
  resolvedUrl: string;
  status: 'loaded' | 'failed';
}
type Entry = PluginDescriptor | [PluginDescriptor, object];
interface SiteConfig {
  extensions: Entry[];
  modes: Entry[];
}
const scope = window as unknown as Record<string, unknown> & {
  config: SiteConfig | (() => Promise<object>);
  /** What the host would share; here taken out of 3.13's bundle. */
  emulatedShares: WantedExports;
  browserImportFunction(name: string): Promise<{ default: unknown }>;
  __ohif?: { runtimePlugins: PluginRecord[] };
};

const site = scope.config as SiteConfig;
const records: PluginRecord[] = [];
const plugins = new Map<string, { id: string }>();

async function load(entry: Entry, kind: PluginRecord['kind']): Promise<unknown> {
  const [descriptor, configuration] = Array.isArray(entry) ? entry : [entry];
  const { packageName, importPath, globalName } = descriptor;
  const resolvedUrl = new URL(importPath, window.location.href).href;
  const record: PluginRecord = { packageName, kind, resolvedUrl, status: 'failed' };
  records.push(record);
  await import(/* webpackIgnore: true */ resolvedUrl);
  const plugin = scope[globalName] as { id: string } | undefined;
  if (plugin?.id !== packageName) throw new Error(`${packageName}: the bundle defines no plugin of this id`);
  record.status = 'loaded';
  plugins.set(packageName, plugin);
  return configuration ? [plugin, configuration] : plugin;
}

scope.config = async () => {
  shareHostModules(scope, scope.emulatedShares);
  scope.__ohif = { runtimePlugins: records };
  const hostImport = scope.browserImportFunction;
  scope.browserImportFunction = async name => {
    const plugin = plugins.get(name);
    return plugin ? { default: plugin } : hostImport(name);
  };
  return {
    ...site,
    extensions: await Promise.all(site.extensions.map(entry => load(entry, 'extension'))),
    modes: await Promise.all(site.modes.map(entry => load(entry, 'mode'))),
  };
};
