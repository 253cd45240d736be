/** A mode that throws takes the whole viewer down: whatever host it meets, it must come back with a mode or say why not. */
import mode from '.';
import { tellUnavailable } from './unavailable';

jest.mock('./unavailable');
const told = jest.mocked(tellUnavailable);
const globals = globalThis as unknown as Record<string, unknown>;
beforeAll(() => (globals.window = { innerWidth: 1600 }));
afterAll(() => delete globals.window);
beforeEach(() => told.mockReset());

const hostMode = (route: object) => ({
  modeFactory: () => ({ extensions: { '@ohif/a': '1' }, onModeEnter: () => 'entered', routes: [route] }),
});
const now = hostMode({ layoutInstance: { id: 'layout', props: { rightPanels: ['theirs'] } } });
const make = (...modules: unknown[]) => mode.modeFactory({ loadModules: async () => modules as never });

test('puts its panel before the panels of the host and keeps the extensions of the host', async () => {
  const made = await make(now, now);
  expect(made?.routes[0].layoutInstance.props.rightPanels).toEqual([
    '@spine-oncology/extension-vertebra-metastasis.panelModule.vertebraMetastasis',
    'theirs',
  ]);
  expect(Object.keys(made!.extensions)).toEqual(['@ohif/a', '@spine-oncology/extension-vertebra-metastasis']);
  expect(told).not.toHaveBeenCalled();
});

test.each<[string, unknown[], RegExp]>([
  ['a layout of 3.12 and older', [hostMode({ layoutTemplate: () => ({}) }), now], /OHIF 3\.13 or newer is needed/],
  ['a host without one of the modes it extends', [now, undefined], /built without @ohif\/mode-basic/],
  ['a host mode without routes', [{ modeFactory: () => ({}) }, now], /3\.13 or newer/],
])('%s: no mode, and the page says why', async (_host, modules, reason) => {
  expect(await make(...modules)).toBeUndefined();
  expect(told.mock.calls).toEqual([[expect.stringMatching(reason)]]);
});

test('a host whose loading of modules fails: no mode, and the page says why', async () => {
  const fails = () => Promise.reject(new Error('Failed to fetch dynamically imported module'));
  expect(await mode.modeFactory({ loadModules: fails })).toBeUndefined();
  expect(told.mock.calls).toEqual([['Failed to fetch dynamically imported module']]);
});

test.each([
  ['CT', true],
  ['MR\\CT', true],
  ['SEG/CT', true],
  ['PT', false],
  ['OCT', false],
  ['', false],
])('a study of %s', (modalities, valid) => {
  expect(mode.isValidMode({ modalities }).valid).toBe(valid);
});
