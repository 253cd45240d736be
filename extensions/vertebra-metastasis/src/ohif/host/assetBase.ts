/** What the page says of where the extension's files are. */
export interface PageFacts {
  /** Address of the script that is running while the bundle is evaluated; a plugin loaded with import() has none. */
  readonly script?: string;
  /** OHIF 3.14's record of the plugins it tried to load. */
  readonly records: readonly { readonly packageName?: string; readonly resolvedUrl?: string }[];
  /** Path or address under which the viewer is served, e.g. `/viewer/`. */
  readonly publicUrl: string;
  /** Of the page. */
  readonly location: string;
}

/** Where a viewer built from source has them: it copies the package's public/ to its root. */
const IN_PUBLIC = 'plugins/vertebra-metastasis/';
const BUNDLE = /\/index\.umd\.js$/;

/**
 * The folder with worker.js, ort/ and models/: as configured, else beside the bundle, else where a viewer built from source has it.
 * @param packageName of the extension
 * @param configured an address, or a path that without a leading slash counts from the viewer's root
 * @returns absolute, ends in a slash
 */
export function resolveAssetBase(packageName: string, configured: string | undefined, page: PageFacts): string {
  const root = new URL(folder(page.publicUrl), page.location);
  if (configured) return new URL(folder(configured), root).href;
  const record = page.records.find(entry => entry.packageName === packageName)?.resolvedUrl;
  // In a viewer built from source the running script is one of the viewer's own.
  for (const url of [page.script, record]) {
    const address = url && new URL(url, root);
    if (address && BUNDLE.test(address.pathname)) return new URL('.', address).href;
  }
  return new URL(IN_PUBLIC, root).href;
}

function folder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

interface HostPage {
  readonly PUBLIC_URL?: string;
  readonly __ohif?: {
    readonly runtimePlugins?: PageFacts['records'];
    /** What the first drafts of 3.14 called it. */
    readonly runtimeExtensions?: PageFacts['records'];
  };
}

/** Only while the bundle is evaluated can it ask who loaded it. */
const script =
  typeof document === 'undefined' ? undefined : (document.currentScript as HTMLScriptElement | null)?.src || undefined;

/** Asks the page. */
export function pageFacts(): PageFacts {
  const { PUBLIC_URL, __ohif: host } = window as unknown as HostPage;
  const records = host?.runtimePlugins ?? host?.runtimeExtensions ?? [];
  return { script, records, publicUrl: PUBLIC_URL || '/', location: window.location.href };
}
