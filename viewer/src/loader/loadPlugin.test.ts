/** Loading one bundle, on a page whose server and caches answer as told. */
import { webcrypto } from 'node:crypto';

import { loadPlugin } from './loadPlugin';

const NAME = '@s/extension';
const URL_OF = 'https://pacs.example/viewer/plugins/@s/extension/1.0.0/index.umd.js';
const LOADER = 'https://pacs.example/viewer/plugins/@s/loader.js';
const descriptor = {
  packageName: NAME,
  globalName: NAME,
  importPath: URL_OF,
  coreVersionRange: '',
  styles: ['https://pacs.example/a.css'],
  integrity: 'sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn', // of abc
};

/** What running a script of an address does; false: the browser refuses it. */
let run: (src: string) => boolean;
/** What the server answers to fetch, by address without its query. */
let served: Record<string, [text: string, type?: string, status?: number]>;
let appended: { src?: string; href?: string; integrity?: string }[];
const globals = globalThis as unknown as Record<string, unknown>;
const real = { fetch: globals.fetch, crypto: globals.crypto };

beforeEach(() => {
  appended = [];
  run = () => {
    globals[NAME] = { id: NAME };
    return true;
  };
  served = {};
  const listeners = new Set<(event: { filename: string; message: string }) => void>();
  Object.assign(globals, {
    window: Object.assign(globals, {
      addEventListener: (_type: string, listen: never) => listeners.add(listen),
      removeEventListener: (_type: string, listen: never) => listeners.delete(listen),
    }),
    document: {
      createElement: () => ({}),
      head: {
        append: (element: { src?: string; onload?(): void; onerror?(): void }) => {
          appended.push(element);
          if (!element.src) return;
          try {
            if (run(element.src)) element.onload?.();
            else element.onerror?.();
          } catch (error) {
            for (const listen of listeners) listen({ filename: element.src, message: (error as Error).message });
            element.onload?.();
          }
        },
      },
    },
    fetch: async (url: string) => {
      const [text, type = 'text/javascript', status = 200] = served[url.split('?')[0]] ?? ['none', 'text/plain', 404];
      return new Response(text, { status, headers: { 'content-type': type } });
    },
  });
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
});
afterEach(() => {
  for (const name of ['window', 'document', 'addEventListener', 'removeEventListener', NAME]) delete globals[name];
  globals.fetch = real.fetch;
  Object.defineProperty(globalThis, 'crypto', { value: real.crypto, configurable: true });
});
const failure = () =>
  loadPlugin(descriptor, '1.0.0').then(
    () => 'loaded',
    (error: Error) => error.message
  );

it('runs the bundle with its hash, once, and adds its styles', async () => {
  expect(await loadPlugin(descriptor, '1.0.0')).toEqual({ id: NAME });
  expect(appended).toMatchObject([
    { src: URL_OF, integrity: descriptor.integrity, crossOrigin: 'anonymous' },
    { rel: 'stylesheet', href: 'https://pacs.example/a.css' },
  ]);
});

it('goes past a service worker or cache that kept another file under the address', async () => {
  const now = run;
  run = src => src !== URL_OF && now(src);
  expect(await loadPlugin(descriptor, '1.0.0')).toEqual({ id: NAME });
  expect(appended[1]).toMatchObject({
    src: expect.stringMatching(/index\.umd\.js\?t=\d+$/),
    integrity: descriptor.integrity,
  });
});

const loaderOf = (version: string): [string] => [
  `var spineOncologyRelease = {"version":"${version}","extensions":[]};`,
];
it.each<[string, typeof served, RegExp]>([
  [
    'a missing file',
    { [LOADER]: loaderOf('1.0.0') },
    /is missing \(the server answers 404\): copy the whole folder of release 1\.0\.0/,
  ],
  [
    'a missing file of a server whose errors are pages',
    { [URL_OF]: ['<html>', 'text/html', 404] },
    /the server answers 404\): copy/,
  ],
  [
    'a page in its place',
    { [URL_OF]: ['<html>', 'text/html'] },
    /the server answers with a page\).*404 for missing files/,
  ],
  [
    'a loader kept in a cache while the server has the next release',
    { [LOADER]: loaderOf('1.1.0') },
    /server has release 1\.1\.0: .* kept loader\.js of 1\.0\.0\. Reload without the cache/,
  ],
  [
    'a file of another release',
    { [URL_OF]: [`/*! ${NAME} 0.9.0 */ abc`] },
    /is of release 0\.9\.0, the loader of 1\.0\.0/,
  ],
  ['an altered file', { [URL_OF]: ['abcd'] }, /is not the file of release 1\.0\.0 \(sha384-/],
  ['a type that is not run', { [URL_OF]: ['abc', 'text/plain'] }, /is sent as text\/plain, which browsers do not run/],
  ['a file that is right, and refused', { [URL_OF]: ['abc'] }, /was not run by the browser: its console says why/],
])('names %s', async (_what, files, reason) => {
  run = () => false;
  served = files;
  expect(await failure()).toMatch(reason);
});

it('names what a bundle threw, and one that defines another plugin', async () => {
  served = { [URL_OF]: ['abc'] };
  run = () => {
    throw new Error('planted');
  };
  expect(await failure()).toMatch(/stopped while it started: planted/);
  run = () => {
    globals[NAME] = { id: 'another' };
    return true;
  };
  expect(await failure()).toMatch(/was not run/);
});

it('names a server that cannot be reached', async () => {
  run = () => false;
  globals.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await failure()).toMatch(/cannot be reached .*CORS headers/);
});
