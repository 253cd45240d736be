import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MethodOptions, SliceAttribution } from '@spine/core';
import { writeSliceAttribution } from './sliceFiles';

const METHOD = {
  sampler: { id: 'fast', inversionEvaluations: 44, renderEvaluations: 28 },
  targetProbability: 1e-3,
  attributionThreshold: 0.5,
  minPixels: 5,
} as MethodOptions;

const SLICE = {
  semanticCode: new Float32Array(4),
  healthyCode: new Float32Array(4),
  composites: [],
  harmonised: [],
  candidates: [],
} as unknown as SliceAttribution;

describe('result.json of one slice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slice-files-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function written(method: MethodOptions): unknown {
    writeSliceAttribution(folder, SLICE, method, { id: 'm', version: '1' });
    return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  }

  it('states the margins of the sampler', () => {
    const margins = { skipBelowThresholdBy: 0.2, trustAboveThresholdBy: 0.4, rescoreWithin: 0.1 };
    expect(written({ ...METHOD, ...margins })).toMatchObject({
      researchUseOnly: true,
      sampler: 'fast',
      ...margins,
    });
  });

  it('says that there is none', () => {
    expect(written(METHOD)).toMatchObject({
      skipBelowThresholdBy: null,
      trustAboveThresholdBy: null,
      rescoreWithin: null,
    });
  });
});
