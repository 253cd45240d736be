/** As much of an OpenID provider as the viewer's code flow asks for; everyone is let in, with the same token. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IdentityProvider {
  port: number;
  /** How often it was asked to sign somebody in. */
  signIns(): number;
  stop(): Promise<void>;
}

/** @param token that the viewer gets @param path below which the site passes it on */
export async function startIdentityProvider(token: string, path: string): Promise<IdentityProvider> {
  let signIns = 0;
  const server = createServer((request, response) => {
    const issuer = `http://${request.headers.host}${path}`;
    const { pathname, searchParams } = new URL(request.url!, issuer);
    const json = (body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (pathname === `${path}/authorize`) {
      signIns++;
      const back = new URL(searchParams.get('redirect_uri')!);
      back.searchParams.set('code', 'one');
      back.searchParams.set('state', searchParams.get('state')!);
      response.writeHead(302, { location: back.href }).end();
    } else if (pathname === `${path}/token`) {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: 'ohif', sub: 'reader', name: 'A. Reader', iat: now, exp: now + 3600 };
      const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
      const idToken = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
      json({ access_token: token, token_type: 'Bearer', id_token: idToken, expires_in: 3600, scope: 'openid' });
    } else {
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/user`,
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>(resolve => server.close(() => resolve()));
  return { port, signIns: () => signIns, stop };
}
