import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { contentSecurityPolicy, decoderPolicy, inlineScriptHashes } from './contentSecurityPolicy';
import { decoderWorker } from './assemble/decoderWorker';
import { patchIndexHtml } from './assemble/indexHtml';
import { folderForEachTest, get, start } from './server/testServer';

const page = patchIndexHtml(readFileSync(require.resolve('@ohif/app/dist/index.html'), 'utf8'));
const policy = contentSecurityPolicy(page);
const directives = Object.fromEntries(
  policy.split('; ').map(directive => {
    const [name, ...sources] = directive.split(' ');
    return [name, sources];
  })
);

describe('the Content-Security-Policy', () => {
  it('names no other origin, no eval, no inline scripts but the two of the host', () => {
    const sources = Object.values(directives).flat();
    expect(
      sources.filter(
        source => !/^('(self|none|wasm-unsafe-eval|unsafe-inline|sha256-[\w+/]{43}=)'|data:|blob:)$/.test(source)
      )
    ).toEqual([]);
    expect(directives['script-src']).toHaveLength(4);
    expect(directives['script-src'].slice(0, 2)).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    const unsafe = Object.keys(directives).filter(name =>
      directives[name].some(source => /unsafe-(inline|eval)'/.test(source))
    );
    expect(unsafe).toEqual(['script-src', 'style-src']); // 'wasm-unsafe-eval'; styles
  });

  it.each(['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'])('has %s', name => {
    expect(directives[name]).toBeDefined();
  });

  it("the host's page loads nothing from another origin and has no inline handlers", () => {
    const addresses = [...page.matchAll(/\s(?:src|href|action|data)\s*=\s*["']?([^"'\s>]*)/gi)].map(
      ([, address]) => address
    );
    expect(addresses.length).toBeGreaterThan(20);
    expect(addresses.filter(address => !/^\/(?!\/)/.test(address))).toEqual([]);
    expect(page).not.toMatch(/\son\w+\s*=/i);
  });

  it('gives eval to one worker of the host, which decodes images, and lets it load from this server alone', () => {
    const dist = dirname(require.resolve('@ohif/app/dist/index.html'));
    const files = readdirSync(dist);
    const bundle = readFileSync(join(dist, files.find(file => /^app\.bundle\.\w+\.js$/.test(file))!), 'utf8');
    expect(decoderWorker(dist, bundle, files)).toMatch(/^\d+\.bundle\.[0-9a-f]+\.js$/);
    expect(() => decoderWorker(dist, '', files)).toThrow(/expected one/);
    expect(decoderPolicy).toBe("default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'");
  });

  it('changes with an inline script', () => {
    expect(inlineScriptHashes('<script src="/a.js"></script><script>1</script>')).toEqual([
      "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='",
    ]);
  });
});

describe('the server', () => {
  folderForEachTest();
  it('sends it with every file, and a policy that runs nothing with data', async () => {
    const server = await start();
    for (const path of ['/', '/assets/a.wasm', '/missing.js', '/viewer-settings.js']) {
      expect((await get(server, path)).headers.get('content-security-policy')).toBe(contentSecurityPolicy('<html>'));
    }
    expect((await get(server, '/decoder.js')).headers.get('content-security-policy')).toBe(decoderPolicy);
    for (const path of ['/dicomweb/studies', '/dicomweb/nothing']) {
      expect((await get(server, path)).headers.get('content-security-policy')).toMatch(
        /^default-src 'none';.* sandbox$/
      );
    }
  });
});
