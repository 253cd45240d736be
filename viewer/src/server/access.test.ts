import { UsageError } from '@spine/headless/cli';

import { startOptions } from '../options';
import { allowedHosts } from './access';
import { dicomFile } from './testing';
import { rawRequest, statusOf } from './testPacs';
import { addFile, folderForEachTest, start } from './testServer';

folderForEachTest();

const targets = ['/', '/dicomweb/studies', '/assets/a.wasm', '/viewer-settings.js'];

describe('who may ask', () => {
  it.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example',
    '',
    '[::1',
    '0.0.0.0',
  ])('a request to the host "%s" is refused: a foreign name points here', async host => {
    const server = await start();
    for (const target of targets) expect(statusOf(await rawRequest(server, `GET ${target}`, { Host: host }))).toBe(421);
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('a request to %s at its port is answered', async name => {
    const server = await start();
    const host = `${name}:${new URL(server.url).port}`;
    for (const target of targets) expect(statusOf(await rawRequest(server, `GET ${target}`, { Host: host }))).toBe(200);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1:1', 'file://', ''])(
    'a page of the origin "%s" gets nothing and stores nothing',
    async origin => {
      const server = await start();
      for (const target of targets) {
        expect(statusOf(await rawRequest(server, `GET ${target}`, { Origin: origin }))).toBe(403);
      }
      expect(statusOf(await rawRequest(server, 'POST /dicomweb/studies', { Origin: origin }))).toBe(403);
      expect(statusOf(await rawRequest(server, 'OPTIONS /dicomweb/studies', { Origin: origin }))).toBe(403);
    }
  );

  it('its own page may ask, also behind a reverse proxy that speaks TLS', async () => {
    const server = await start({ allowedHosts: ['spine.example.org'] });
    expect(statusOf(await rawRequest(server, 'GET /dicomweb/studies', { Origin: server.url }))).toBe(200);
    const headers = { Host: 'Spine.Example.org', Origin: 'https://spine.example.org' };
    expect(statusOf(await rawRequest(server, 'GET /dicomweb/studies', headers))).toBe(200);
  });

  it.each(['cross-site', 'same-site', 'anything'])('a %s request is refused, unless it opens a page', async site => {
    addFile('a', dicomFile({ sop: '1.2.1.1' }));
    const server = await start();
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    expect(statusOf(await rawRequest(server, 'GET /spine-oncology?StudyInstanceUIDs=1.2', headers))).toBe(200);
    for (const target of ['/dicomweb/studies', '/assets/a.wasm', '/viewer-settings.js']) {
      expect(statusOf(await rawRequest(server, `GET ${target}`, headers))).toBe(403);
    }
    expect(statusOf(await rawRequest(server, 'GET /', { ...headers, 'Sec-Fetch-Dest': 'iframe' }))).toBe(403);
    expect(statusOf(await rawRequest(server, 'POST /', headers))).toBe(403);
  });

  it.each(['GET http://evil.example/', 'GET //evil.example/', 'OPTIONS *', 'TRACE /', 'PUT /index.html'])(
    '"%s" is refused',
    async line => {
      expect(statusOf(await rawRequest(await start(), line))).toBeGreaterThanOrEqual(400);
    }
  );

  it('CONNECT opens no tunnel', async () => {
    expect(statusOf(await rawRequest(await start(), 'CONNECT 127.0.0.1:22'))).toBe(0);
  });
});

describe('the address to listen on', () => {
  it.each(['0.0.0.0', '::', '192.168.0.5', 'pacs.example.org', ''])('%s needs a word from the user', host => {
    expect(() => startOptions({ host }, {}, 'data')).toThrow(UsageError);
    expect(startOptions({ host, 'allow-network': true }, {}, 'data').host).toBe(host);
  });

  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1'])('%s does not', host => {
    expect(startOptions({ host }, {}, 'data').host).toBe(host);
  });

  it('gives the names to answer to', () => {
    expect([...allowedHosts(['192.168.0.5'], 3000, ['Spine:8443'])]).toEqual(['192.168.0.5:3000', 'spine:8443']);
    expect([...allowedHosts(['127.0.0.1'], 80)]).toContain('localhost');
    expect([...allowedHosts(['0.0.0.0'], 3000)]).toContain('127.0.0.1:3000');
  });
});
