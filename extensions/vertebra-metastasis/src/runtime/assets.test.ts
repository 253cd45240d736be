/** Files of the plugin behind a sign-in, and on another origin than the viewer. */
import { authorizedFetch } from './authorizedFetch';
import { startWorker } from './startWorker';

const globals = globalThis as unknown as Record<string, unknown>;
const started: unknown[][] = [];
const sent: [string, unknown][] = [];
const real = globalThis.fetch;
beforeAll(() => {
  globals.location = new URL('https://pacs.example/viewer/');
  globals.Worker = class {
    constructor(...given: unknown[]) {
      started.push(given);
    }
  };
  globals.fetch = (url: string, { headers }: RequestInit = {}) => {
    sent.push([url, headers]);
    return Promise.resolve(new Response());
  };
});
afterAll(() => {
  globals.fetch = real;
  delete globals.location;
  delete globals.Worker;
});
beforeEach(() => {
  started.length = sent.length = 0;
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

test('the Authorization header goes to the own origin and to no other', async () => {
  await authorizedFetch('https://pacs.example/plugins/models/index.json', 'Bearer abc');
  await authorizedFetch('models/index.json', 'Bearer abc');
  await authorizedFetch('https://cdn.example/models/index.json', 'Bearer abc');
  await authorizedFetch('https://pacs.example:8443/models/index.json', 'Bearer abc');
  await authorizedFetch('/models/index.json', undefined);
  const header = { Authorization: 'Bearer abc' };
  expect(sent.map(([, headers]) => headers)).toEqual([header, header, undefined, undefined, undefined]);
});

test('a worker of another origin is imported by one of the own origin', async () => {
  startWorker('https://pacs.example/plugins/worker.js', 'own');
  startWorker('https://cdn.example/it"s/worker.js', 'theirs');
  expect(started[0]).toEqual(['https://pacs.example/plugins/worker.js', { type: 'module', name: 'own' }]);
  const [address, options] = started[1] as [string, object];
  expect(options).toEqual({ type: 'module', name: 'theirs' });
  expect(address).toMatch(/^blob:/);
});
