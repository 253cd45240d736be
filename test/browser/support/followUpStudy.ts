/** The demo patient's two studies with their true lesions, as a server for the tests of burden, prior and report has them. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ctSeries, ctVolume, measureLesions, readLesionSeg, storedPixels, text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import type { DemoTruth } from '@spine/phantoms';

import type { DemoStudy } from '../../../viewer/src/demoStudy';
import { demoFollowUpForTests } from '../../support/demo';
import type { BurdenRow } from '../pages/FindingsTabs';

export interface FollowUp {
  readonly baseline: DemoStudy;
  readonly followUp: DemoStudy;
  /** Study Instance UIDs. */
  readonly priorUid: string;
  readonly studyUid: string;
  /** For the server. */
  readonly options: { readonly dicomFolders: string[]; readonly dataFolder: string };
}

/** @param temporary where the server puts what is stored, beside the true lesions of the follow-up */
export async function followUpStudy(temporary: string, baseline: DemoStudy): Promise<FollowUp> {
  const followUp = await demoFollowUpForTests();
  const dataFolder = join(temporary, 'stored');
  mkdirSync(dataFolder);
  cpSync(followUp.lesions, join(dataFolder, 'truth'), { recursive: true });
  return {
    baseline,
    followUp,
    priorUid: text(readDicom(baseline.lesions)[0], 'StudyInstanceUID'),
    studyUid: text(readDicom(followUp.lesions)[0], 'StudyInstanceUID'),
    options: { dicomFolders: [baseline.study, baseline.lesions, followUp.study], dataFolder },
  };
}

/** Names and volumes that the phantom was made with. */
export function trueLesions(study: DemoStudy): DemoTruth['lesions'] {
  return (JSON.parse(readFileSync(join(study.truth, 'truth.json'), 'utf8')) as DemoTruth).lesions;
}

type Measured = Pick<
  ReturnType<typeof measureLesions>[number],
  'level' | 'kind' | 'millilitres' | 'hu' | 'huPercentiles'
>;

/** What the saved lesions of a study measure, from its files alone. */
export function savedMeasurements({ study, lesions }: DemoStudy): Measured[] {
  const series = ctSeries(readDicom(join(study, 'ct')));
  const [seg] = readDicom(lesions);
  const { labelmap, segments } = readLesionSeg(seg, series);
  const volume = ctVolume(series, storedPixels);
  const model = {
    model: { id: '', name: '', version: '', sha256: '' },
    sampler: { words: '' },
    threshold: 0,
    provider: '',
  };
  return measureLesions({ ...model, series, seg, volume, labelmap, lesions: segments });
}

/** As the burden table has them. */
export function asRows(lesions: readonly Measured[]): BurdenRow[] {
  return lesions.map(({ level, kind, millilitres, hu, huPercentiles: { p10, p90 } }) => ({
    level,
    kind,
    millilitres,
    huMean: hu.mean,
    huSd: hu.standardDeviation,
    p10,
    p90,
  }));
}
