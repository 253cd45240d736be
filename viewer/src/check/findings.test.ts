import { createHash } from 'node:crypto';

import { checkBrowser, checkFiles, checkMissingFiles, checkPolicy, checkViewer, type Finding } from './findings';

const BASE = 'https://pacs.example/viewer/plugins/@spine-oncology/';
const js = { type: 'text/javascript', text: 'run()' };
const list = (files: Record<string, string>) => ({
  type: 'application/json',
  text: JSON.stringify({
    version: '0.1.0',
    files: Object.entries(files).map(([path, text]) => ({
      path,
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  }),
});
type Served = Record<string, { type: string; text: string; headers?: Record<string, string> }>;
const server = (served: Served) => async (url: string) => {
  const found = served[url.replace('https://pacs.example/viewer/', '')];
  if (!found) return new Response('none', { status: 404 });
  return new Response(found.text, { headers: { 'content-type': found.type, ...found.headers } });
};
const inPlugins = (served: Served) =>
  Object.fromEntries(Object.entries(served).map(([path, file]) => [`plugins/@spine-oncology/${path}`, file]));
const problems = (findings: Finding[]) =>
  findings.filter(({ severity }) => severity === 'wrong').map(({ check, text }) => `${check}: ${text}`);

describe('files', () => {
  const good: Served = {
    'a/1/index.umd.js': js,
    'a/1/ort/x.wasm': { type: 'application/wasm', text: 'w' },
    'a/1/models/m.onnx': { type: 'application/octet-stream', text: 'weights' },
  };
  const files = list(
    Object.fromEntries(Object.entries({ ...good, 'loader.js': js }).map(([path, { text }]) => [path, text]))
  );
  const check = (served: Served) =>
    checkFiles(BASE, server(inPlugins({ 'files.json': files, 'loader.js': js, ...served })));

  it('says that all is well', async () => {
    expect(await check(good)).toEqual([
      { severity: 'ok', check: 'files', text: 'All 4 files are those of release 0.1.0.' },
    ]);
  });

  it.each<[string, Served, RegExp]>([
    ['a missing plugin', { ...good, 'a/1/index.umd.js': undefined as never }, /^files: .*answers 404/],
    ['a page in its place', { ...good, 'a/1/index.umd.js': { type: 'text/html', text: '<html>' } }, /a page instead/],
    [
      'a script of the wrong type',
      { ...good, 'a/1/index.umd.js': { ...js, type: 'application/octet-stream' } },
      /^types: .*octet-stream/,
    ],
    [
      'wasm of the wrong type',
      { ...good, 'a/1/ort/x.wasm': { type: 'text/plain', text: 'w' } },
      /^types: .*application\/wasm/,
    ],
    [
      'an altered model',
      { ...good, 'a/1/models/m.onnx': { type: 'x/y', text: 'weightz' } },
      /^model: .*same size.*copy the whole folder/,
    ],
    [
      'a loader that browsers keep',
      { ...good, 'loader.js': { ...js, headers: { 'cache-control': 'public, max-age=31536000, immutable' } } },
      /^headers: loader\.js may be kept by browsers for 8760 hours/,
    ],
    ['a cut model', { ...good, 'a/1/models/m.onnx': { type: 'x/y', text: 'w' } }, /1 bytes in place of 7/],
  ])('finds %s', async (_fault, served, expected) => {
    const found = problems(await check(served));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('names a folder without its list', async () => {
    expect(problems(await checkFiles(BASE, server({})))[0]).toMatch(/files\.json cannot be read.*404/);
  });
});

it('a missing file answered with a page is found', async () => {
  expect(problems(await checkMissingFiles(BASE, server({})))).toEqual([]);
  const fallback = async () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
  expect(problems(await checkMissingFiles(BASE, fallback))[0]).toMatch(/missing-files: .*try_files \$uri =404/);
});

describe('the viewer around the plugins', () => {
  const ROOT = 'https://pacs.example/viewer/';
  const page = (publicUrl: string, headers = {}): Served => ({
    '': { type: 'text/html', text: `<script>window.PUBLIC_URL="${publicUrl}"</script>`, headers },
    'app-config.js': { type: 'text/javascript', text: 'document.write(`plugins/@spine-oncology/loader.js`)' },
  });
  const check = async (served: Served) => problems(await checkViewer(ROOT, server(served)));

  it('finds nothing wrong', async () => expect(await check(page('/viewer/'))).toEqual([]));
  it('finds a viewer built for another path', async () => {
    expect(await check(page('/'))).toEqual([
      expect.stringMatching(/^viewer: .*built for \/ and is served under \/viewer\//),
    ]);
  });
  it('finds a configuration without the line', async () => {
    const served = { ...page('/viewer/'), 'app-config.js': { type: 'text/javascript', text: 'window.config = {}' } };
    expect(await check(served)).toEqual([expect.stringMatching(/^configuration: /)]);
  });
  it('finds a policy that forbids WebAssembly', async () => {
    const policy = { 'content-security-policy': "default-src 'self'; script-src 'self'" };
    expect(await check(page('/viewer/', policy))).toEqual([expect.stringMatching(/^headers: .*'wasm-unsafe-eval'/)]);
  });
  it('finds such a policy in the page itself', async () => {
    const served = page('/viewer/');
    served[''].text = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${served[''].text}`;
    expect(await check(served)).toEqual([expect.stringMatching(/^headers: .*'wasm-unsafe-eval'/)]);
  });
  it('says when the plugins are elsewhere', async () => {
    expect(await checkViewer(ROOT, server({}))).toMatchObject([{ severity: 'note', check: 'viewer' }]);
  });
});

it.each([
  ["script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'", 0],
  ["default-src 'self' 'unsafe-eval'", 0],
  ["script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; connect-src https://other", 2],
  ["script-src https://pacs.example 'wasm-unsafe-eval'; worker-src https:; connect-src pacs.example", 0],
  ["script-src 'self' 'wasm-unsafe-eval', default-src 'self'", 1],
])('policy %s', (policy, count) => expect(problems(checkPolicy(policy, 'https://pacs.example'))).toHaveLength(count));

it('says what the browser can do', async () => {
  const none = await checkBrowser({ isSecureContext: false, navigator: {} });
  expect(none.map(({ severity, check }) => [severity, check])).toEqual([
    ['note', 'context'],
    ['note', 'webgpu'],
  ]);
  const kept = await checkBrowser({ isSecureContext: true, navigator: { serviceWorker: { controller: {} } } });
  expect(kept.map(({ text }) => text).join()).toMatch(/A service worker answers for this server/);
  const gpu = { requestAdapter: async () => ({ info: { vendor: 'nvidia', architecture: 'hopper' } }) };
  expect(await checkBrowser({ isSecureContext: true, navigator: { gpu } })).toEqual([
    { severity: 'ok', check: 'webgpu', text: 'WebGPU: nvidia hopper.' },
  ]);
});
