import { type Coverage, labelMillilitres } from '@spine/core';
import { ctSeries, lesionSeg, type LesionToWrite, type NaturalizedInstance, SAVED_SCHEMA } from '@spine/dicom';
import { TRUTH } from '../dataset/sample';
import { demoStudyModules } from './ctDatasets';
import { namedUid } from './identity';
import type { DemoStudyPlan } from './timePoints';
import { demoTruth } from './truth';
import type { DemoVolume } from './volume';

/** Stands where the model stands in a real result: nothing was computed. */
const MODEL = {
  id: 'phantom-truth',
  name: 'Phantom truth (no model)',
  version: '1',
  sha256: '0'.repeat(64),
} as const;

/**
 * The true lesions as the viewer would have saved them: a result to read back, to measure and to compare with. Lesions that both
 * studies have do not share a TrackingUID, as they would not after two analyses apart.
 * @param slices the CT of the same study
 */
export function lesionSegDataset(
  demo: DemoVolume,
  plan: DemoStudyPlan,
  slices: readonly NaturalizedInstance[]
): NaturalizedInstance {
  const series = ctSeries([...slices]);
  const found = demoTruth(demo, plan).lesions;
  const segments = found.map(
    ({ level, kind, name }, n): LesionToWrite => ({
      index: n + 1,
      level,
      kind,
      algorithmType: 'MANUAL',
      trackingId: name,
      trackingUid: namedUid(`${plan.timePoint}/lesion/${name}`),
    })
  );
  const labels = demo.truth.labels.map((kind, n) => {
    if (kind === TRUTH.none) return 0;
    const name = kind === TRUTH.lytic ? 'lytic' : 'blastic';
    return 1 + found.findIndex(one => one.vertebraLabel === demo.bodies.labels[n] && one.kind === name);
  });
  const model = { model: MODEL, sampler: { words: 'none' }, threshold: 0, provider: 'none' };
  let uids = 0;
  const seg = lesionSeg({
    ...model,
    series,
    segments,
    labelmap: { ...demo.truth, labels },
    now: new Date(`${dashed(plan.date)}T12:00:00`),
    newUid: () => namedUid(`${plan.timePoint}/lesion-seg/${++uids}`),
    state: { schema: SAVED_SCHEMA, provenance: model, coverage: demo.levels.map(level => coverage(demo, level)) },
  });
  // Says on every file of the patient that there is none.
  return { ...seg, PatientComments: demoStudyModules(plan).PatientComments };
}

/** All of every body counts as analysed. */
function coverage({ bodies }: DemoVolume, { label, level }: DemoVolume['levels'][number]): Coverage {
  return {
    label,
    level,
    analysedMillilitres: labelMillilitres(bodies).get(label) ?? 0,
    notAnalysedMillilitres: 0,
    searchedSlices: 0,
    screenedSlices: 0,
    skippedSlices: 0,
  };
}

const dashed = (date: string) => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
