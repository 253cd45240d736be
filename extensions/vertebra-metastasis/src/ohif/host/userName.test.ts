import { userName } from './userName';

test.each([
  ['family and given name', { family_name: 'Müller', given_name: 'Jörg', name: 'Jörg Müller' }, 'Müller^Jörg'],
  ['a family name alone', { family_name: 'Doe' }, 'Doe'],
  ['one name', { name: 'Jane Doe', preferred_username: 'jd' }, 'Jane Doe'],
  ['the account', { preferred_username: 'jd@clinic' }, 'jd@clinic'],
  ['characters that part names', { name: 'a^b=c\\d' }, 'a b c d'],
  ['a long name', { name: 'x'.repeat(100) }, 'x'.repeat(64)],
  ['a profile without a name', {}, undefined],
])('%s', (_, profile, expected) => {
  expect(userName({ access_token: 'secret', profile })).toBe(expected);
});

test.each([undefined, null, 'jane', { name: 'jane' }])('nobody: %p', signedIn => {
  expect(userName(signedIn)).toBeUndefined();
});
