/**
 * Starts a module worker from wherever the plugin is served. Browsers refuse the script of a worker from another origin (a CDN);
 * a worker of this origin may import it, if that server allows it (CORS).
 * @param url absolute
 * @param name shown in the browser's developer tools
 */
export function startWorker(url: string, name: string): Worker {
  if (new URL(url).origin === location.origin) return new Worker(url, { type: 'module', name });
  const importing = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(importing);
  const worker = new Worker(address, { type: 'module', name });
  // The browser has read it by then; a worker that starts late would find it gone.
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
  return worker;
}

const REVOKE_AFTER_MS = 60_000;
