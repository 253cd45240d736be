/** A study as the viewer leaves it in an archive: CT, vertebra masks, and the result that a simulated reader saved. */
import { join } from 'node:path';
import { ctSeries, lesionSeg, type NaturalizedInstance, noLesionSeg } from '@spine/dicom';
import { demoPlan } from '@spine/phantoms';
import { ctDatasets } from '@spine/phantoms/demo/ctDatasets';
import { MINI_LEVELS, type MiniCase, miniSeg, miniVolume, writeSeries } from './spineMets/miniature';

export interface SimulatedReading {
  readonly reader: string;
  /** Per level of the miniature; undefined: not reviewed. */
  readonly says: readonly (boolean | undefined)[];
  readonly answers?: readonly { readonly level: string; readonly answer: string }[];
  readonly version?: number;
  readonly rejected?: number;
}

export interface ReviewedStudy extends MiniCase {
  readonly patientName: string;
  readonly referringPhysician?: string;
  readonly accessionNumber?: string;
  /** Where a file has room for what somebody typed: descriptions, comments, reasons, names of levels and models. */
  readonly freeText?: string;
  readonly readings: readonly SimulatedReading[];
}

export function writeReviewedStudy(root: string, study: ReviewedStudy): void {
  const { volume, vertebrae, foci } = miniVolume(study);
  const plan = { ...demoPlan('baseline'), timePoint: `reviewed-${study.id}` as 'baseline' };
  const { freeText = '' } = study;
  const patient = {
    PatientID: study.patientId ?? study.id,
    PatientName: study.patientName,
    ...(study.accessionNumber ? { AccessionNumber: study.accessionNumber } : {}),
    ...(study.referringPhysician ? { ReferringPhysicianName: study.referringPhysician } : {}),
    ...(freeText ? { StudyDescription: freeText, PatientComments: freeText } : {}),
  };
  const slices: NaturalizedInstance[] = ctDatasets({ volume }, plan).map(slice => ({ ...slice, ...patient }));
  const folder = join(root, study.id);
  writeSeries(join(folder, 'ct'), slices);
  writeSeries(join(folder, 'masks'), [miniSeg(study, volume, vertebrae, slices, plan, patient)]);
  const series = ctSeries(slices);
  study.readings.forEach((reading, i) => {
    const marked = MINI_LEVELS.flatMap((level, n) =>
      study.lesions[n] && reading.says[n] ? [{ level, n, kind: study.lesions[n]! }] : []
    );
    const context = {
      series,
      sampler: { words: 'fast' },
      threshold: 0.5,
      provider: 'cpu',
      contentCreatorName: reading.reader,
      model: { id: 'default', name: 'default', version: '0.4.0', sha256: '' },
      version: reading.version ?? i + 1,
      now: new Date(2026, 0, 10 + i),
      state: stateOf(reading, freeText),
    };
    const indexOf = new Map(marked.map(({ n }, index) => [n + 1, index + 1]));
    const labelmap = { ...foci, labels: Uint8Array.from(foci.labels, value => indexOf.get(value) ?? 0) };
    const segments = marked.map(({ level, kind }, index) => ({
      index: index + 1,
      level,
      kind,
      algorithmType: 'SEMIAUTOMATIC' as const,
    }));
    const bodies = { bodies: vertebrae, vertebrae: MINI_LEVELS.map((level, n) => ({ label: n + 1, level })) };
    const object = segments.length
      ? lesionSeg({ ...context, labelmap, segments })
      : noLesionSeg({ ...context, ...bodies });
    writeSeries(join(folder, `result-${i + 1}`), [object]);
  });
}

function stateOf({ says, answers, rejected = 0 }: SimulatedReading, freeText: string) {
  const levels = MINI_LEVELS.map((level, n) => ({ label: n + 1, level }));
  const decisions: Record<string, object> = {};
  says.forEach((ill, n) => ill && (decisions[`${n + 1}:0:0`] = { verdict: 'accepted' }));
  for (let i = 0; i < rejected; i++) decisions[`9:0:${i}`] = { verdict: 'rejected', reason: 'degenerative' };
  if (freeText) decisions['9:1:0'] = { verdict: 'rejected', reason: freeText };
  const reviewed = levels.filter((_, n) => says[n] !== undefined).map(({ label }) => label);
  return {
    schema: 1,
    provenance: { model: { id: 'default', name: 'default', version: '0.4.0' } },
    review: { rules: { threshold: 0.5, minPixels: 5 }, decisions, reviewed, levels: {}, findings: levels, drawn: [] },
    ...(freeText ? { note: freeText } : {}),
    ...(answers ? { answers } : {}),
  };
}
