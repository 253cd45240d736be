import { de } from '../strings/de';
import { en } from '../strings/en';
import { TAB_IDS } from '../state/state';
import { neighbourTab } from './TabList';

test('arrow keys go round, Home and End to the ends, other keys nowhere', () => {
  const from = (key: string) => TAB_IDS.map(id => neighbourTab(id, key));
  expect(from('ArrowRight')).toEqual(['burden', 'prior', 'report', 'export', 'analyse']);
  expect(from('ArrowLeft')).toEqual(['export', 'analyse', 'burden', 'prior', 'report']);
  expect(from('Home')).toEqual(TAB_IDS.map(() => 'analyse'));
  expect(from('End')).toEqual(TAB_IDS.map(() => 'export'));
  expect(from('a')).toEqual(TAB_IDS.map(() => undefined));
});

test.each([en, de])('every tab has a name of its own', strings => {
  expect(new Set(TAB_IDS.map(id => strings.tabs[id])).size).toBe(TAB_IDS.length);
});
