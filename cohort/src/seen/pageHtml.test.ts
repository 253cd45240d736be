import { timeLeft } from './pageHtml';

it.each([
  [null, 'not known yet'],
  [0.004, '1 min'],
  [0.5, '30 min'],
  [0.999, '1.0 h'],
  [12.34, '12.3 h'],
])('time left of %s hours is %s', (hours, text) => expect(timeLeft(hours)).toBe(text));
