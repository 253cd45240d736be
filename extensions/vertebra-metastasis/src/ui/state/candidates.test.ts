import { type CandidateRow, shortList } from './candidates';

const row = (key: number, kept: boolean, verdict?: 'accepted' | 'rejected') =>
  ({ key: String(key), kept, decision: verdict ? { verdict } : {} }) as unknown as CandidateRow;

const keys = (rows: readonly CandidateRow[]) => rows.map(one => one.key).join(' ');

describe('the list of candidates', () => {
  it('shows all of a short list', () => {
    const rows = [row(1, true), row(2, false)];
    expect(shortList(rows)).toBe(rows);
  });

  it('keeps a rejected candidate, and the one in focus, in sight of a long list', () => {
    const rows = Array.from({ length: 13 }, (_, n) => row(n, n < 2, n === 5 ? 'rejected' : undefined));
    expect(keys(shortList(rows))).toBe('0 1 5');
    expect(keys(shortList(rows, '7' as CandidateRow['key']))).toBe('0 1 5 7');
  });
});
