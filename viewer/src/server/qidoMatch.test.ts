import { effort } from '../../../test/support/effort';
import { matches } from './qidoMatch';

describe('matches', () => {
  it.each<[Parameters<typeof matches>[0], string, string, boolean]>([
    ['text', 'ABC123', 'ABC*', true],
    ['text', 'ABC123', 'abc*', false],
    ['text', 'ABC123', 'ABC12?', true],
    ['text', 'ABC123', 'ABC1?', false],
    ['text', 'a.c', 'a.c', true],
    ['text', 'abc', 'a.c', false],
    ['text', 'anything', '', true],
    ['name', 'Phantom^Spine^^', '*spine*', true],
    ['name', 'Phantom^Spine', 'phantom spine', true],
    ['name', 'Phantom^Spine', 'spine', false],
    ['uid', '1.2.3', '1.2.3,1.2.4', true],
    ['uid', '1.2.3', '1.2.30\\1.2', false],
    ['code', 'CT', 'MR,CT', true],
    ['code', 'CT', 'C', false],
    ['date', '20260115', '20260101-20260131', true],
    ['date', '20260115', '20260115', true],
    ['date', '20260115', '-20260114', false],
    ['date', '20260115', '20260115-', true],
    ['date', '', '20260101-', false],
    ['time', '101530.25', '1015', true],
    ['time', '101530', '0900-1015', true],
    ['time', '101530', '1016-', false],
  ])('%s: %s asked for as %s is %s', (kind, value, query, expected) => {
    expect(matches(kind, [value], query)).toBe(expected);
  });

  it('matches when any of several values does', () => {
    expect(matches('code', ['CT', 'SEG'], 'SEG')).toBe(true);
  });

  it('takes no longer for patterns that regular expressions choke on', async () => {
    const value = 'a'.repeat(10_000);
    const queries = [
      `${'*a'.repeat(50)}b`,
      `${'a*'.repeat(2_000)}b`,
      `*${'?*'.repeat(1_000)}b`,
      '*'.repeat(8_000) + 'b',
    ];
    const taken = await effort(() => {
      for (const query of queries) {
        for (const kind of ['text', 'name', 'code'] as const) expect(matches(kind, [value], query)).toBe(false);
      }
    });
    expect(taken).toBeLessThan(20); // it is 0.2; a regular expression takes longer than anybody waits
  });

  it.each(['2026', '2026011', '20260101-20260131-', 'yesterday'])('refuses the date %s', query => {
    expect(() => matches('date', ['20260115'], query)).toThrow(/not a date/);
  });
});
