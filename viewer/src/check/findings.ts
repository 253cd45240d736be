/** What check.html looks at, as the browser of a reader sees it. Every finding says what to do. */
import { sha256Hex } from '../../../extensions/vertebra-metastasis/src/runtime/sha256';

export type Severity = 'ok' | 'note' | 'wrong';
export interface Finding {
  severity: Severity;
  /** Which kind of check. */
  check: 'files' | 'types' | 'model' | 'missing-files' | 'viewer' | 'configuration' | 'headers' | 'context' | 'webgpu';
  text: string;
}

/** files.json beside the page, written by the release. */
interface FileList {
  version: string;
  files: { path: string; bytes: number; sha256: string }[];
}
export type Fetch = (url: string) => Promise<Response>;

/** Nobody upgrades twice within it. */
const LONGEST_S = 3600;
const SCRIPT = /^(text|application)\/(x-)?(java|ecma)script/;
const MENDS_TYPE = 'nginx: keep "include mime.types;" and add no types block of your own';

/**
 * Compares every served file with the release.
 * @param base absolute URL of the folder of the page
 */
export async function checkFiles(base: string, get: Fetch): Promise<Finding[]> {
  const listUrl = new URL('files.json', base).href;
  let list: FileList;
  try {
    const response = await get(listUrl);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    list = (await response.json()) as FileList;
  } catch (error) {
    return [wrong('files', `${listUrl} cannot be read (${String(error)}): copy the whole folder of the release.`)];
  }
  const findings: Finding[] = [];
  for (const file of list.files) findings.push(...(await checkFile(base, file, get)));
  if (findings.length === 0) {
    findings.push(ok('files', `All ${list.files.length} files are those of release ${list.version}.`));
  }
  return findings;
}

async function checkFile(
  base: string,
  { path, bytes, sha256 }: FileList['files'][number],
  get: Fetch
): Promise<Finding[]> {
  const kind = path.includes('/models/') ? 'model' : 'files';
  const copy = 'copy the whole folder of the release again';
  let response: Response;
  try {
    response = await get(new URL(path, base).href);
  } catch (error) {
    return [wrong(kind, `${path} cannot be reached (${String(error)}): ${copy}.`)];
  }
  if (!response.ok) return [wrong(kind, `${path} is missing (the server answers ${response.status}): ${copy}.`)];
  const type = response.headers.get('content-type') ?? 'no type';
  const content = new Uint8Array(await response.arrayBuffer());
  const found = await sha256Hex(content);
  if (found !== sha256) {
    if (type.startsWith('text/html') && !path.endsWith('.html')) {
      return [wrong(kind, `${path} is missing (the server answers with a page instead): ${copy}.`)];
    }
    const size = content.length === bytes ? 'of the same size' : `${content.length} bytes in place of ${bytes}`;
    return [
      wrong(kind, `${path} is not the file of this release (${size}, SHA-256 ${found}): ${copy}, and empty caches.`),
    ];
  }
  const kept = Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1] ?? 0);
  if (path === 'loader.js' && kept > LONGEST_S) {
    return [
      wrong(
        'headers',
        `loader.js may be kept by browsers for ${Math.ceil(kept / 3600)} hours, and after an upgrade an old one asks for files that no longer exist. ` +
          'nginx: location ~ /plugins/@spine-oncology/ { try_files $uri =404; expires -1; }'
      ),
    ];
  }
  if (path.endsWith('.js') && !SCRIPT.test(type)) {
    return [wrong('types', `${path} is sent as ${type}; browsers run text/javascript only. ${MENDS_TYPE}.`)];
  }
  if (path.endsWith('.wasm') && !type.startsWith('application/wasm')) {
    return [
      wrong('types', `${path} is sent as ${type} instead of application/wasm, which starts slower. ${MENDS_TYPE}.`),
    ];
  }
  return [];
}

/** A missing plugin must not be answered with the viewer's page, or nobody will know that it is missing. */
export async function checkMissingFiles(base: string, get: Fetch): Promise<Finding[]> {
  const { status, ok: answered } = await get(new URL('no-such-file.js', base).href);
  if (!answered) return [ok('missing-files', `A file that does not exist is answered with ${status}.`)];
  return [
    wrong(
      'missing-files',
      `A file that does not exist below plugins/ is answered with ${status} and the viewer's page: missing files go unnoticed. ` +
        'nginx: location /plugins/ { try_files $uri =404; }'
    ),
  ];
}

/**
 * The viewer around the plugins: public path, configuration, headers of its page.
 * @param root absolute URL of the viewer, two folders above the page's
 */
export async function checkViewer(root: string, get: Fetch): Promise<Finding[]> {
  const page = await get(root);
  const html = page.ok ? await page.text() : '';
  const [, publicUrl] = /PUBLIC_URL\s*=\s*["']([^"']*)["']/.exec(html) ?? [];
  if (publicUrl === undefined) {
    return [
      note(
        'viewer',
        `${root} is not a page of OHIF: the plugins are not below the viewer (as on a CDN), or there is no viewer.`
      ),
    ];
  }
  const findings: Finding[] = [];
  const served = new URL(root).pathname;
  findings.push(
    publicUrl === served
      ? ok('viewer', `The viewer is served under ${served}, as it was built.`)
      : wrong(
          'viewer',
          `The viewer was built for ${publicUrl} and is served under ${served}: build OHIF with PUBLIC_URL=${served}, or serve it under ${publicUrl}.`
        )
  );
  const { origin } = new URL(root);
  const policies = [page.headers.get('content-security-policy'), policyInPage(html)];
  findings.push(...(await checkConfiguration(root, get)), ...policies.flatMap(one => checkPolicy(one, origin)));
  const isolated =
    page.headers.get('cross-origin-opener-policy') === 'same-origin' &&
    page.headers.has('cross-origin-embedder-policy');
  findings.push(
    isolated
      ? ok('headers', 'The page is cross-origin isolated: WebAssembly runs in several threads.')
      : note(
          'headers',
          'The page has no COOP and COEP headers: WebAssembly runs in one thread, about half as fast. WebGPU does not need them.'
        )
  );
  return findings;
}

async function checkConfiguration(root: string, get: Fetch): Promise<Finding[]> {
  const response = await get(new URL('app-config.js', root).href);
  if (!response.ok)
    return [wrong('configuration', `app-config.js is missing (the server answers ${response.status}).`)];
  const text = await response.text();
  if (/@spine-oncology\/(loader\.js|extension-vertebra-metastasis)/.test(text)) {
    return [ok('configuration', 'app-config.js loads the mode.')];
  }
  return [
    wrong(
      'configuration',
      'app-config.js does not load the mode: add the line of config-line.js at its end (or the descriptors, for OHIF 3.14), and empty caches.'
    ),
  ];
}

/** What the plugins need of a content security policy, by directive. */
const needs: [directives: string[], anyOf: string[], why: string][] = [
  [['script-src', 'default-src'], ["'wasm-unsafe-eval'", "'unsafe-eval'"], 'the networks run as WebAssembly'],
  [['script-src', 'default-src'], ["'self'", '*'], 'the plugins are scripts of this server'],
  [['worker-src', 'child-src', 'script-src', 'default-src'], ["'self'", '*'], 'the networks run in workers'],
  [['connect-src', 'default-src'], ["'self'", '*'], 'the models are fetched'],
];

/**
 * @param policy of the header; several are separated by commas, and each of them must let the plugins run
 * @param origin of the viewer
 */
export function checkPolicy(policy: string | null, origin: string): Finding[] {
  if (!policy) return [];
  const findings = policy.split(',').flatMap(one => lacking(one, origin));
  return findings.length ? findings : [ok('headers', 'The content security policy lets the plugins run.')];
}

function lacking(policy: string, origin: string): Finding[] {
  const directives = new Map(
    policy.split(';').map(directive => {
      const [name, ...values] = directive.trim().split(/\s+/);
      return [name.toLowerCase(), values] as const;
    })
  );
  const { protocol, host } = new URL(origin);
  const own = [origin, protocol, host, `${origin}/`];
  return needs.flatMap(([names, anyOf, why]) => {
    const name = names.find(one => directives.has(one));
    const enough = anyOf.includes("'self'") ? [...anyOf, ...own] : anyOf;
    if (!name || enough.some(value => directives.get(name)!.includes(value))) return [];
    return [wrong('headers', `The content security policy (${name}) lacks ${anyOf[0]}: ${why}.`)];
  });
}

/** A page may carry a policy, too. */
function policyInPage(html: string): string | null {
  const [tag] = /<meta[^>]+http-equiv=["']?content-security-policy[^>]*>/i.exec(html) ?? [];
  return tag ? (/content="([^"]*)"|content='([^']*)'/i.exec(tag)?.slice(1).find(Boolean) ?? null) : null;
}

/** The parts of navigator that are read here; TypeScript's DOM library does not have them yet. */
interface GpuNavigator {
  serviceWorker?: { controller: unknown };
  gpu?: {
    requestAdapter(): Promise<{ info?: { vendor?: string; architecture?: string; description?: string } } | null>;
  };
}

/** What this browser can do. Nothing of it stops the mode. */
export async function checkBrowser(scope: { isSecureContext: boolean; navigator: unknown }): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (!scope.isSecureContext) {
    findings.push(
      note(
        'context',
        'Served without https: the browser offers no WebGPU and does not cache the model, which is downloaded at every visit.'
      )
    );
  }
  const { gpu, serviceWorker } = scope.navigator as GpuNavigator;
  if (serviceWorker?.controller) {
    findings.push(
      note(
        'context',
        'A service worker answers for this server and may serve old files after an upgrade. Reload without it (Ctrl+Shift+R).'
      )
    );
  }
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const { vendor, architecture, description } = adapter?.info ?? {};
  findings.push(
    adapter
      ? ok(
          'webgpu',
          `WebGPU: ${description || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name'}.`
        )
      : note(
          'webgpu',
          `No WebGPU (${gpu ? 'no graphics adapter' : 'not in this browser'}): the networks run as WebAssembly, many times slower.`
        )
  );
  return findings;
}

const ok = (check: Finding['check'], text: string): Finding => ({ severity: 'ok', check, text });
const note = (check: Finding['check'], text: string): Finding => ({ severity: 'note', check, text });
const wrong = (check: Finding['check'], text: string): Finding => ({ severity: 'wrong', check, text });
