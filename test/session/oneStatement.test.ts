/** A half-finished, a finished and a stored result say the same of their coverage in every tab and every file. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { candidate, scriptedEngine, square } from '@spine/core/testing/study';
import { decodeFile, items, type NaturalizedInstance, text } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import type { TAB_IDS } from '../../extensions/vertebra-metastasis/src/ui';
import {
  createHover,
  type ExportKind,
  Panel,
  type PanelActions,
  stringsFor,
  vertebraListRows,
} from '../../extensions/vertebra-metastasis/src/ui';
import { notAssessedSentence, notAssessedText } from '../../extensions/vertebra-metastasis/src/ui/burden/notes';
import { type Controller, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

jest.mock(
  '@ohif/ui-next',
  () => {
    const through = ({ children }: { children?: unknown }) => children;
    return new Proxy({}, { get: () => through });
  },
  { virtual: true }
);

type World = ReturnType<typeof memoryPorts>['world'];
/** T11, the one of which only some slices are suspicious. */
const FIRST = 2;
type TabId = (typeof TAB_IDS)[number];
const noActions = new Proxy({}, { get: () => () => undefined }) as PanelActions;

/** The words of one tab as a user reads them, once what it states was measured. */
async function read(controller: Controller, tab: TabId, language: string): Promise<string> {
  const { store, actions } = controller;
  const before = store.get().burden;
  actions.showTab(tab);
  if (tab !== 'analyse' && tab !== 'prior') {
    await until(controller, s => s.burden.status === 'ready' && (s.burden !== before || before.status === 'ready'));
    // What is measured anew is there with the next turn.
    await new Promise(resolve => setTimeout(resolve, 20));
    await until(controller, s => s.burden.status === 'ready');
  }
  const props = { state: store.get(), actions: noActions, strings: stringsFor(language), hover: createHover() };
  const html = renderToStaticMarkup(createElement(Panel, props));
  const panel = html.slice(html.indexOf(`data-cy="tabpanel-${tab}"`));
  const own = panel.slice(0, panel.indexOf('data-cy="tabpanel-', 1) + 1 || undefined);
  return own
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/\s+/g, ' ');
}

async function files(controller: Controller, world: World, kind: ExportKind) {
  world.downloads.clear();
  controller.actions.exportFile(kind, 'download');
  const { exports } = await until(controller, s => !['working', undefined].includes(s.exports.outcomes[kind]?.status));
  expect(exports.outcomes[kind]).toMatchObject({ status: 'done' });
  return [...world.downloads.values()];
}

const commentOf = (sr: NaturalizedInstance): string => {
  const below = (item: NaturalizedInstance): NaturalizedInstance[] =>
    items(item, 'ContentSequence').flatMap(one => [one, ...below(one)]);
  const isComment = (item: NaturalizedInstance) =>
    text(items(item, 'ConceptNameCodeSequence')[0], 'CodeValue') === '121106';
  return below(sr)
    .filter(isComment)
    .map(item => text(item, 'TextValue'))
    .join(' ');
};

/** Reads every tab and every file, and holds them against one another. @returns the statement in English */
async function statement(controller: Controller, world: World): Promise<string> {
  const [en, de] = ['en', 'de'].map(stringsFor);
  controller.actions.goToVertebra(FIRST);
  await read(controller, 'burden', 'en');
  const { burden, ...state } = controller.store.get();
  if (burden.status !== 'ready') throw new Error('not measured');
  const { notAssessed } = burden.value.burden;
  const sentence = notAssessedSentence(burden.value, en);

  for (const [language, strings] of [
    ['en', en],
    ['de', de],
  ] as const) {
    for (const tab of ['burden', 'export'] as const) {
      const words = await read(controller, tab, language);
      for (const item of notAssessed) expect(words).toContain(notAssessedText(item, strings));
    }
    expect(await read(controller, 'report', language)).toContain(notAssessedSentence(burden.value, strings));
  }
  // The list names the same vertebrae, and the selected one the same slices.
  const rows = vertebraListRows(state);
  const levels = (...wanted: string[]) =>
    rows.filter(({ status }) => wanted.includes(status)).map(({ level }) => level);
  expect(levels('screened')).toEqual(notAssessed.flatMap(one => (one.part === 'screened-vertebrae' ? one.levels : [])));
  expect(levels('not-analysed', 'excluded', 'failed')).toEqual(
    notAssessed.flatMap(one => (one.part === 'vertebra' ? [one.level] : []))
  );
  expect(levels('analysed', 'screened', 'reviewed')).toHaveLength(burden.value.burden.analysedLevels!);
  const selected = rows.find(({ label }) => label === FIRST);
  const analyse = await read(controller, 'analyse', 'en');
  const part = notAssessed.find(one => one.part === 'screened-slices' && one.level === selected?.level);
  if (part?.part !== 'screened-slices') throw new Error('the first one was screened in part');
  expect(analyse).toContain(en.slicesAnalysed(part.of - part.count, part.count, 0));

  // Files speak English.
  const [csv] = await files(controller, world, 'csv');
  expect(csv).toContain(sentence);
  const [json] = await files(controller, world, 'json');
  expect((JSON.parse(json as string) as { provenance: object }).provenance).toMatchObject({ notAssessed: sentence });
  const report = (await files(controller, world, 'report')).at(-1) as ArrayBuffer;
  expect(commentOf(decodeFile(report))).toContain(sentence);
  const [contours] = await files(controller, world, 'contours');
  expect(text(decodeFile(contours as ArrayBuffer), 'StructureSetDescription')).toContain(sentence);
  return sentence;
}

const found = [candidate(0, 'lytic', square(3, -6), 0.9), candidate(1, 'blastic', square(2, 6), 0.7)];

test('what was only screened, excluded or not analysed is told in the same words everywhere, and again when reopened', async () => {
  const { ports, world } = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const controller = createController(ports);
  await ready(controller);
  const { actions } = controller;
  actions.setSettings({ slices: { every: 4 }, screenBelow: 0.5 });
  // P rises from slice to slice: the last ones are searched.
  world.engine = scriptedEngine(found);
  actions.analyse([2]);
  await settled(controller);
  const half = await statement(controller, world);
  expect(half).toMatch(/T11: \d of \d sagittal slices screened as not suspicious, not searched for lesions/);
  expect(half).toContain('T12: not analysed');

  // T12 is healthy in every slice.
  world.engine = scriptedEngine(found, { screening: Array<number>(99).fill(0.1) });
  actions.analyse([3]);
  await until(controller, s => s.run.status === 'done' && s.review.present.findings.length === 2);
  const whole = await statement(controller, world);
  expect(whole).toContain('T12: screened as not suspicious, not searched for lesions');
  expect(whole).not.toContain('T12: not analysed');
  expect(await read(controller, 'report', 'en')).toContain('1 vertebra of 2 analysed (1 of these only screened)');

  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(decodeFile(world.archive[0]), 'ours')]);
  const again = createController(later.ports);
  await until(again, s => s.review.present.findings.length === 2);
  expect(await statement(again, later.world)).toBe(whole);
  // The names move, and the statement with them, everywhere.
  again.actions.shiftLevels(1);
  const names: Readonly<Record<string, string>> = { T10: 'T11', T11: 'T12', T12: 'L1' };
  expect(await statement(again, later.world)).toBe(whole.replace(/T1[012]/g, name => names[name]));
});
