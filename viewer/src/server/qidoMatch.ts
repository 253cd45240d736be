import { HttpError } from './http';

/** How a query value is compared (PS3.4 C.2.2.2). */
export type MatchKind = 'uid' | 'text' | 'name' | 'date' | 'time' | 'code';

/**
 * Whether one of an attribute's values satisfies a query value.
 * uid and code: a list separated by commas or backslashes, any of which may match; text: `*` and `?` wildcards; name:
 * the same without regard to case, `^` counting as a space; date and time: a value or a range `from-to`, either end open.
 * @throws HttpError 400 for a date or time that is not one.
 */
export function matches(kind: MatchKind, values: string[], query: string): boolean {
  if (query === '' || query === '*') return true; // universal matching
  switch (kind) {
    case 'uid':
    case 'code': {
      const wanted = query.split(/[,\\]/).map(item => item.trim());
      return wanted.some(item => values.some(value => (kind === 'uid' ? value === item : wildcard(item, value))));
    }
    case 'text':
      return values.some(value => wildcard(query, value));
    case 'name': {
      const plain = (name: string) => name.replace(/\^+/g, ' ').trim().toLowerCase();
      return values.some(value => wildcard(plain(query), plain(value)));
    }
    case 'date':
      return values.some(value => inRange(value, query, /^\d{8}$/, 'date (YYYYMMDD)'));
    case 'time':
      return values.some(value => inRange(value, query, /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/, 'time (HHMMSS)'));
  }
}

/**
 * Whether `value` fits a pattern with `*` and `?`. Not a regular expression: those take exponential time for some patterns.
 * After a mismatch only the last `*` takes one character more, so that the time is at most pattern times value.
 */
function wildcard(pattern: string, value: string): boolean {
  let [p, v] = [0, 0];
  let star = -1;
  let taken = 0;
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++;
      taken = v;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === value[v])) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++taken;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function inRange(value: string, query: string, form: RegExp, what: string): boolean {
  const ends = query.split('-');
  if (ends.length > 2 || ends.some(end => end !== '' && !form.test(end))) {
    throw new HttpError(400, `"${query}" is not a ${what} or a range of them.`);
  }
  if (ends.length === 1) return value.startsWith(ends[0]);
  const [from, to] = ends;
  return value !== '' && (from === '' || value >= from) && (to === '' || value <= to || value.startsWith(to));
}
