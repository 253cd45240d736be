/**
 * Who may ask this server anything. It has no login: whoever reaches it reads patient data, and so does any web page that
 * gets the user's browser to ask. Every request therefore has to be addressed to this server by its own name (a page whose
 * domain is pointed at 127.0.0.1, "DNS rebinding", sends its own name as Host) and has to come from this server's own page.
 */
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

import { HttpError } from './http';

/** The names by which the server may be addressed: values of the Host header, lower case. */
export type AllowedHosts = ReadonlySet<string>;

/** Whether only this computer can reach an address one listens on. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * @param listensOn names and addresses the server listens on; 0.0.0.0 and :: stand for all of this computer
 * @param more further names, with or without a port, e.g. that of a reverse proxy in front
 */
export function allowedHosts(listensOn: readonly string[], port: number, more: readonly string[] = []): AllowedHosts {
  const every = listensOn.some(address => address === '0.0.0.0' || address === '::');
  const names = new Set<string>(every ? [...interfaceAddresses(), hostname()] : listensOn.filter(Boolean));
  if (every || listensOn.some(isLoopback)) for (const name of ['127.0.0.1', 'localhost', '::1']) names.add(name);
  const hosts = new Set<string>();
  for (const name of names) {
    const host = (name.includes(':') ? `[${name}]` : name).toLowerCase();
    hosts.add(`${host}:${port}`);
    if (port === 80) hosts.add(host); // browsers leave out the default port
  }
  for (const name of more) hosts.add(name.toLowerCase());
  return hosts;
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(entries => (entries ?? []).map(({ address }) => address));
}

/**
 * @param page whether the request is for a page of the viewer and not for data
 * @throws HttpError 421 for another Host, 403 for another Origin or a request that another site's page makes
 */
export function checkAccess({ headers, method }: IncomingMessage, hosts: AllowedHosts, page: boolean): void {
  const host = headers.host?.toLowerCase() ?? '';
  if (!hosts.has(host)) {
    throw new HttpError(
      421,
      `This server is not addressed as "${headers.host ?? ''}", only as ${[...hosts].join(', ')}. Another name is allowed by --allow-host.`
    );
  }
  const { origin } = headers;
  if (origin !== undefined && !ownOrigin(origin, host)) {
    throw new HttpError(403, `Pages of ${origin} may not use this server, only its own.`);
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  // A link from a worklist or another system may open the viewer; it then is a page of its own, not part of the other site.
  const opens = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (page && opens && (method === 'GET' || method === 'HEAD')) return;
  throw new HttpError(403, 'Pages of other sites may link to this viewer, but not use it.');
}

/** TLS, when there is any, ends in a proxy before this server: both schemes are its own. */
function ownOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`;
}
