/** What `npm run study:vertebra` found last, for the JSON of `npm run bench`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS } from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import type { Agreement } from '../../../evaluation/src/vertebraAgreement';

/** Slices of the vertebra that the evaluations of the Standard preset are told for. */
const SLICES = 60;

export interface StudyFigures extends Agreement {
  /** Sampler. */
  readonly name: string;
  readonly slices: number;
  /** Of the reference schedule per noise prediction. */
  readonly evaluationRatio: number;
  readonly evaluationsASlice: number;
  readonly processorSecondsASlice: number;
}

export interface VertebraStudy {
  readonly model: string;
  /** Of the noise predictor: figures of other weights are none of this model. */
  readonly sha256: string;
  readonly yardstick: 'reference' | 'fast';
  readonly set: string;
  readonly figures: readonly StudyFigures[];
}

export interface VertebraSummary extends Pick<Agreement, 'maskDice' | 'volumeError' | 'sameLesions' | 'vertebrae'> {
  readonly sampler: string;
  /** `fast`: not compared with the reference itself. */
  readonly yardstick: VertebraStudy['yardstick'];
  readonly evaluationRatio: number;
  /** Of the Standard preset for 60 suspicious slices; null where its sampler was not among those compared. */
  readonly evaluationsStandard: number | null;
}

const fileOf = (cache: string) => join(cache, 'study-vertebra.json');

export function writeStudy(cache: string, study: VertebraStudy, file = fileOf(cache)): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(study, undefined, 1)}\n`);
}

/** Of the first sampler of the last study; null where there is none of this model. */
export function vertebraSummary(cache: string, { files }: Pick<ModelManifest, 'files'>): VertebraSummary | null {
  if (!existsSync(fileOf(cache))) return null;
  const study = JSON.parse(readFileSync(fileOf(cache), 'utf8')) as VertebraStudy;
  if (study.sha256 !== files.noisePredictor.sha256 || study.figures.length === 0) return null;
  const [{ name, evaluationRatio, maskDice, volumeError, sameLesions, vertebrae }] = study.figures;
  const standard = study.figures.find(one => one.name === PRESETS.standard.sampler);
  return {
    sampler: name,
    yardstick: study.yardstick,
    vertebrae,
    evaluationRatio,
    maskDice,
    volumeError,
    sameLesions,
    evaluationsStandard: standard ? SLICES * standard.evaluationsASlice : null,
  };
}
