import { createHash } from 'node:crypto';

/** What the build leaves in viewer/dist for the server, and for whoever configures another one. */
export interface ContentSecurityPolicies {
  /** For every file but the ones below. */
  page: string;
  /** Path from the root, with a leading slash -> its own policy. */
  files: Record<string, string>;
}

export const policiesFile = 'content-security-policy.json';

/**
 * What the viewer's pages and workers may load and run: nothing from another origin, no script that is not a file of this
 * server (or one of the host's inline scripts, by hash), no eval. WebAssembly is compiled for inference and for image codecs.
 * `style-src 'unsafe-inline'`: React's style attributes and the host's style elements, of which there is no fixed list.
 * `blob:` and `data:` images and workers are made by the page itself (thumbnails, cursors, the host's decoders).
 * @param html the assembled index.html
 */
export function contentSecurityPolicy(html: string): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'wasm-unsafe-eval' ${inlineScriptHashes(html).join(' ')}`.trimEnd(),
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self' data:`,
    `connect-src 'self' data: blob:`,
    `worker-src 'self' blob:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/**
 * For the host's image decoder, a worker without a page: its codecs for JPEG-LS, JPEG 2000 and HTJ2K build their bindings by
 * `new Function` (emscripten's embind of that time) and do not start without it. It may load its own files and nothing else.
 */
export const decoderPolicy = `default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'`;

/** For answers that are data: should a browser take one for a page after all, nothing in it runs. */
export const dataPolicy = `default-src 'none'; frame-ancestors 'none'; sandbox`;

/** CSP source expressions of the scripts inside a page, in their order. */
export function inlineScriptHashes(html: string): string[] {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)];
  return scripts.map(([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
}
