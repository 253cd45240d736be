import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askForOpenStudies } from './cohortQueue';
import { parseConfiguration } from './configuration';
import type { HostServices } from './host';

const asked: { readonly url?: string; readonly authorization?: string; readonly body: string }[] = [];
let server: Server;
let reply: { status: number; body: string };

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () => {
      asked.push({ url: request.url, authorization: request.headers.authorization, body });
      response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(reply.body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const page = new URL(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/viewer/mode?StudyInstanceUIDs=1.2,1.3`
  );
  const { href, origin, search } = page;
  const location = { href, origin, search };
  Object.assign(globalThis, { location, window: { location }, localStorage: { getItem: () => 'en' } });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  for (const name of ['location', 'window', 'localStorage']) delete (globalThis as Record<string, unknown>)[name];
});

function host() {
  const shown: { message: string }[] = [];
  const services = {
    userAuthenticationService: { getAuthorizationHeader: () => ({ Authorization: 'Bearer abc' }) },
    uiNotificationService: { show: (notification: { message: string }) => shown.push(notification) },
  } as unknown as HostServices;
  return { shown, services };
}

test('every open study is brought to the front, and the user is told of what is still to come', async () => {
  reply = { status: 202, body: '{"waiting":1}' };
  const { shown, services } = host();
  await askForOpenStudies(parseConfiguration({ cohort: '/cohort/' }), services);
  expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
    { study: '1.2', opened: true },
    { study: '1.3', opened: true },
  ]);
  expect(asked[0]).toMatchObject({ url: '/cohort/studies', authorization: 'Bearer abc' });
  expect(shown).toHaveLength(1);
  expect(shown[0].message).toMatch(/^2 CT series are waiting/);
});

test('nothing is said when nothing waits, and nothing is asked without the setting', async () => {
  reply = { status: 202, body: '{"waiting":0}' };
  const { shown, services } = host();
  await askForOpenStudies(parseConfiguration({ cohort: '/cohort' }), services);
  await askForOpenStudies(parseConfiguration({}), services);
  expect(asked).toHaveLength(2);
  expect(shown).toEqual([]);
});

test('a queue that is away does not disturb the reader; the console says why', async () => {
  reply = { status: 401, body: 'no' };
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { shown, services } = host();
  await askForOpenStudies(parseConfiguration({ cohort: '/cohort' }), services);
  expect(shown).toEqual([]);
  expect(warn.mock.calls.join()).toMatch(/cohort\/studies was not told of the open study: Error: 401/);
  warn.mockRestore();
});
