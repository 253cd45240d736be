/**
 * The line at the end of a site's app-config.js. The script it writes runs before the viewer, as app-config.js does; without it
 * (folder not mounted, wrong path) the page says so.
 */
export const CONFIG_LINE =
  'document.write(`<script src="${(window.PUBLIC_URL || "/").replace(/\\/?$/, "/")}plugins/@spine-oncology/loader.js"></script>`); ' +
  "addEventListener('DOMContentLoaded', () => window.spineOncology || document.body.insertAdjacentHTML('beforeend', " +
  '\'<p role="alert" style="position:fixed;bottom:0;z-index:10000;margin:0;padding:8px;background:#fff;color:#000">' +
  "Spine Oncology is not available: plugins/@spine-oncology/loader.js cannot be loaded.</p>'));";

/** @param text of an app-config.js @returns the text with the line, once */
export function withConfigLine(text: string): string {
  return text.includes('plugins/@spine-oncology/loader.js') ? text : `${text.trimEnd()}\n\n${CONFIG_LINE}\n`;
}
