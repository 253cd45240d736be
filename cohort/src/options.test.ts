import { cohortOptions } from './options';

it('says in words which file of an option cannot be read', () => {
  const given = ['--dicom', '/in', '--to', '/out', '--scheduled', '/absent/day.txt'];
  expect(() => cohortOptions(given, '/')).toThrow(
    expect.objectContaining({
      code: 'not-readable',
      message: expect.stringMatching(/day\.txt.*there is no such file or folder/),
    })
  );
});
