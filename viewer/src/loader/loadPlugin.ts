import type { PluginDescriptor } from './release';

export interface Plugin {
  id: string;
}

/**
 * Loads one UMD bundle, whose content the browser checks against its hash.
 * @throws Error saying what is wrong with the file or the server, and what to do
 */
export async function loadPlugin(descriptor: PluginDescriptor, version: string): Promise<Plugin> {
  const { packageName, importPath, globalName, integrity, styles } = descriptor;
  const errors: string[] = [];
  const listen = (event: ErrorEvent) => {
    if (event.filename?.startsWith(importPath)) errors.push(event.message);
  };
  window.addEventListener('error', listen);
  try {
    // A service worker, a proxy or the browser may have kept another file under this address; none has under the second.
    const started = (await runScript(importPath, integrity)) || (await runScript(pastCaches(importPath), integrity));
    const plugin = (window as unknown as Record<string, Plugin | undefined>)[globalName];
    if (!started || plugin?.id !== packageName) throw new Error(await diagnose(descriptor, version, errors));
    for (const href of styles) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
    }
    return plugin;
  } finally {
    window.removeEventListener('error', listen);
  }
}

/** @returns whether the browser ran it, with or without an error */
function runScript(src: string, integrity: string): Promise<boolean> {
  return new Promise(resolve => {
    const script = Object.assign(document.createElement('script'), { src, integrity, crossOrigin: 'anonymous' });
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
    document.head.append(script);
  });
}

/** The same file under an address that nobody has asked for before. */
const pastCaches = (url: string): string => `${url}?t=${Date.now()}`;

/** The browser only says that a script failed: the file is fetched again to say why. */
async function diagnose(descriptor: PluginDescriptor, version: string, errors: readonly string[]): Promise<string> {
  const { importPath, packageName, integrity } = descriptor;
  const copy = `copy the whole folder of release ${version} to the server`;
  let response: Response;
  try {
    response = await fetch(pastCaches(importPath), { cache: 'no-store' });
  } catch (error) {
    return `${importPath} cannot be reached (${String(error)}): check the address and, for another server, its CORS headers.`;
  }
  const type = response.headers.get('content-type') ?? 'no type';
  if (!response.ok || type.startsWith('text/html')) {
    const served = await servedRelease(importPath);
    if (served && served !== version) {
      return `${importPath} is missing, and the server has release ${served}: the browser, a proxy or a service worker kept loader.js of ${version}. Reload without the cache (Ctrl+Shift+R), and send plugins/ with Cache-Control: no-cache.`;
    }
    return response.ok
      ? `${importPath} is missing (the server answers with a page): ${copy}, and let it answer 404 for missing files below plugins/.`
      : `${importPath} is missing (the server answers ${response.status}): ${copy}.`;
  }
  const bytes = await response.arrayBuffer();
  const built = bannerVersion(bytes, packageName);
  if (built && built !== version) {
    return `${importPath} is of release ${built}, the loader of ${version}: ${copy}, and empty caches in between.`;
  }
  const hash = await sha384(bytes);
  if (hash && hash !== integrity) return `${importPath} is not the file of release ${version} (${hash}): ${copy}.`;
  if (!/^(text|application)\/(x-)?(java|ecma)script/.test(type)) {
    return `${importPath} is sent as ${type}, which browsers do not run: the server must send .js as text/javascript (nginx: include mime.types).`;
  }
  if (errors.length) return `${importPath} stopped while it started: ${errors.join('; ')}`;
  return `${importPath} was not run by the browser: its console says why (content security policy, proxy, extension).`;
}

/** The release whose loader lies on the server now, whatever is kept on the way; undefined where none can be told. */
async function servedRelease(importPath: string): Promise<string | undefined> {
  const loader = new URL('../../loader.js', importPath).href;
  const response = await fetch(pastCaches(loader), { cache: 'no-store' }).catch(() => undefined);
  const start = response?.ok ? (await response.text()).slice(0, 200) : '';
  return /^var spineOncologyRelease = \{"version":"([^"]+)"/.exec(start)?.[1];
}

/** The build writes `/*! <package> <version> *\/` in front. */
function bannerVersion(bytes: ArrayBuffer, packageName: string): string | undefined {
  const start = new TextDecoder().decode(bytes.slice(0, 200));
  const [, name, version] = /\/\*! (\S+) (\S+) \*\//.exec(start) ?? [];
  return name === packageName ? version : undefined;
}

/** @returns as `integrity` says it; undefined on pages without https, where the browser has no hash function */
async function sha384(bytes: ArrayBuffer): Promise<string | undefined> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  const hash = new Uint8Array(await subtle.digest('SHA-384', bytes));
  return `sha384-${btoa(String.fromCharCode(...hash))}`;
}
