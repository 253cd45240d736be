import { de } from '../strings/de';
import { en } from '../strings/en';
import { numbersIn } from './format';

test('two decimals, a true minus, nothing that is there is written as nothing', () => {
  const n = numbersIn(en);
  expect([n.ml(0), n.ml(0.004), n.ml(0.005), n.ml(12.305)]).toEqual(['0.00', '<0.01', '0.01', '12.30']);
  expect([n.percent(0), n.percent(0.04), n.percent(5.02)]).toEqual(['0.0 %', '<0.1 %', '5.0 %']);
  expect([n.hu(-12.4), n.hu(-0.4), n.hu(627.6)]).toEqual(['−12', '0', '628']);
  expect([n.signed(1.2, 2), n.signed(-0.034, 2), n.signed(-100, 0)]).toEqual(['+1.20', '−0.03', '−100']);
});

test('German: decimal commas', () => {
  const n = numbersIn(de);
  expect([n.ml(1.808), n.percent(11.3), n.signed(-0.5, 2), n.decimal('0.5')]).toEqual([
    '1,81',
    '11,3 %',
    '−0,50',
    '0,5',
  ]);
});
