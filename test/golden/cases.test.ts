import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenCases } from '../support/golden';

const names = (which?: string) => {
  if (which) process.env.SPINE_GOLDEN = which;
  else delete process.env.SPINE_GOLDEN;
  return goldenCases().map(({ name }) => name);
};

it('has all cases, and for npm test all but those whose branches others cover; a case that nobody knows always runs', () => {
  const { SPINE_SHARED, SPINE_GOLDEN } = process.env;
  const shared = mkdtempSync(join(tmpdir(), 'golden-'));
  for (const name of ['case-1-real-t10', 'case-2-inserted', 'case-3-synthetic', 'case-4-unseen']) {
    mkdirSync(join(shared, 'golden', name), { recursive: true });
  }
  try {
    process.env.SPINE_SHARED = shared;
    expect(names()).toEqual(['case-3-synthetic', 'case-1-real-t10', 'case-2-inserted', 'case-4-unseen']);
    expect(names('covering')).toEqual(['case-3-synthetic', 'case-1-real-t10', 'case-4-unseen']);
    rmSync(join(shared, 'golden'), { recursive: true });
    expect(names('covering')).toEqual(['case-3-synthetic']);
  } finally {
    Object.assign(process.env, { SPINE_SHARED, SPINE_GOLDEN });
    if (SPINE_SHARED === undefined) delete process.env.SPINE_SHARED;
    if (SPINE_GOLDEN === undefined) delete process.env.SPINE_GOLDEN;
    rmSync(shared, { recursive: true });
  }
});
