import type { Burden } from '../../core/burden';
import { burdenCsv } from './burdenCsv';

test('the total last, notes on every row', () => {
  const total = { analysedMillilitres: 25, percent: 4 };
  const burden = { levels: [{ level: 'T12', ...total }], total } as unknown as Burden;
  const rows = burdenCsv(burden, 'Not assessed: "posterior" elements').split('\r\n');
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatch(/^level,lytic_ml,.*,notes$/);
  expect(rows[2]).toMatch(/^total,0,.*,25,4,,,,"Not assessed: ""posterior"" elements"$/);
});
