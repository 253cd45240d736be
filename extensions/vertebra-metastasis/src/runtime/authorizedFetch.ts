/**
 * fetch with the viewer's Authorization header, which a site may demand for everything it serves. Another origin (a CDN) never gets it.
 * @param authorization e.g. `Bearer ...`
 */
export function authorizedFetch(url: string, authorization: string | undefined, init: RequestInit = {}) {
  const own = new URL(url, location.href).origin === location.origin;
  const headers = { ...init.headers, Authorization: authorization ?? '' };
  return fetch(url, authorization && own ? { ...init, headers } : init);
}
