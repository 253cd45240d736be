import { csvText as panelCsv } from '../ui/controls/csv';
import { csvText } from './csv';

describe.each([
  ['of exported files', csvText],
  ['of the panel', panelCsv],
])('tables %s', (_, write) => {
  it('quote what needs quotes, end each row, and leave what is unknown empty', () => {
    expect(
      write([
        ['a,b', 'say "so"', 'two\nlines'],
        [null, undefined, ''],
      ])
    ).toBe('"a,b","say ""so""","two\nlines"\r\n,,\r\n');
    expect(write([['a'], [1]], '\n')).toBe('a\n1\n');
  });

  it.each(['=1+1', '+1', '-1+cmd', '@SUM(A1)', '\t=1', '\r=1'])('let no spreadsheet run %j', text => {
    expect(write([[text]])).toMatch(/^"?'/);
  });

  it('keep numbers numbers, negative ones too', () => {
    expect(write([[-5, -0.25, 0, true]])).toBe('-5,-0.25,0,true\r\n');
  });
});
