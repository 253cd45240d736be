/** An entry of `window.config.extensions` or `.modes` as OHIF 3.14 reads it (docs: Runtime Extensions). */
export interface PluginDescriptor {
  packageName: string;
  importPath: string;
  globalName: string;
  coreVersionRange: string;
  integrity: string;
  styles: string[];
}

/** Names the plugins import from the host, by package. */
export type WantedExports = Record<string, string[]>;

/** What the build writes in front of the loader. */
export interface Release {
  version: string;
  /** Paths in them are relative to the loader's folder. */
  extensions: PluginDescriptor[];
  modes: PluginDescriptor[];
  wantedExports: WantedExports;
}

export const packagesOf = ({ extensions, modes }: Release): string[] =>
  [...extensions, ...modes].map(({ packageName }) => packageName);

/** The release as a host at another address sees it. @param base absolute URL of the loader's folder */
export function releaseAt(release: Release, base: string): Release {
  const absolute = (path: string) => new URL(path, base).href;
  const resolved = (descriptor: PluginDescriptor): PluginDescriptor => ({
    ...descriptor,
    importPath: absolute(descriptor.importPath),
    styles: descriptor.styles.map(absolute),
  });
  return { ...release, extensions: release.extensions.map(resolved), modes: release.modes.map(resolved) };
}
