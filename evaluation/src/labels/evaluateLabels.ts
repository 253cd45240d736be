/** How well a model's classifier tells vertebrae with lesions from those without, where nobody has drawn the lesions. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type LatentClassifierWeights, malignancyProbability } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import type { LoadedNetwork } from '@spine/runtime/network';
import { seededRandom } from '../bootstrap';
import { readSlices } from '../crops';
import { areaUnderCurve } from '../metrics';

const RESAMPLES = 1000;

export interface LabelledVertebra {
  readonly image: string;
  readonly bodyMask: string;
  readonly malignant: boolean;
  readonly patient: string;
  readonly level: string;
  readonly kinds: string;
}

export interface ScoredVertebra extends LabelledVertebra {
  /** Highest P(malignant) of the slices asked. */
  readonly probability: number;
}

export interface LabelFigures {
  readonly vertebrae: number;
  readonly malignant: number;
  readonly patients: number;
  /** null without vertebrae of both labels. */
  readonly auc: number | null;
  /** 95 %, whole patients resampled; null with fewer than two. */
  readonly interval: readonly [number, number] | null;
  /** Of vertebrae with P of one half and more. */
  readonly sensitivity: number | null;
  readonly specificity: number | null;
}

/** The rows of a table of vertebrae (training/TRAINING.md). @throws CommandError 'manifest' naming the row */
export function readLabels(path: string, split?: string): LabelledVertebra[] {
  const table = parse(readFileSync(path), { columns: true, skip_empty_lines: true, trim: true, bom: true });
  const rows = (table as Record<string, string>[]).filter(row => !split || row.split === split);
  if (!rows.length) throw new CommandError('manifest', `${path}: no row${split ? ` of the split "${split}"` : ''}`);
  return rows.map((row, i) => {
    for (const column of ['image', 'seg_msk', 'label', 'patient']) {
      if (!row[column]) throw new CommandError('manifest', `${path}, row ${i + 2}: ${column} is missing`);
    }
    if (row.label !== '0' && row.label !== '1') {
      throw new CommandError(
        'manifest',
        `${path}, row ${i + 2}: label "${row.label}"; 0 (healthy) or 1 (malignant) expected`
      );
    }
    const file = (name: string) => resolve(dirname(path), name);
    const { patient, level = '', kinds = '' } = row;
    return { image: file(row.image), bodyMask: file(row.seg_msk), malignant: row.label === '1', patient, level, kinds };
  });
}

/** @param slices around the middle of each body */
export async function scoreVertebrae(
  { network, classifier }: { network: Pick<LoadedNetwork, 'encode'>; classifier: LatentClassifierWeights },
  vertebrae: readonly LabelledVertebra[],
  slices: number,
  onVertebra: (done: number) => void = () => {}
): Promise<ScoredVertebra[]> {
  const scored: ScoredVertebra[] = [];
  for (const vertebra of vertebrae) {
    const identity = { id: vertebra.image, mimic: '', source: '', sliceThicknessMm: NaN };
    const probabilities: number[] = [];
    for (const { patch } of await readSlices({ ...vertebra, ...identity }, slices)) {
      probabilities.push(malignancyProbability(classifier, await network.encode(patch, 1)));
    }
    if (!probabilities.length) throw new CommandError('manifest', `${vertebra.bodyMask}: empty in the middle slices`);
    scored.push({ ...vertebra, probability: Math.max(...probabilities) });
    onVertebra(scored.length);
  }
  return scored;
}

export function labelFigures(scored: readonly ScoredVertebra[]): LabelFigures {
  const of = (malignant: boolean) => scored.filter(vertebra => vertebra.malignant === malignant);
  const share = (some: readonly ScoredVertebra[], test: (p: number) => boolean) =>
    some.length ? some.filter(({ probability }) => test(probability)).length / some.length : null;
  return {
    vertebrae: scored.length,
    malignant: of(true).length,
    patients: new Set(scored.map(({ patient }) => patient)).size,
    auc: auc(scored),
    interval: interval(scored),
    sensitivity: share(of(true), p => p >= 0.5),
    specificity: share(of(false), p => p < 0.5),
  };
}

function auc(scored: readonly ScoredVertebra[]): number | null {
  const of = (malignant: boolean) =>
    scored.filter(v => v.malignant === malignant).map(({ probability }) => probability);
  return areaUnderCurve(of(true), of(false));
}

function interval(scored: readonly ScoredVertebra[]): readonly [number, number] | null {
  const names = [...new Set(scored.map(({ patient }) => patient))];
  const patients = names.map(name => scored.filter(({ patient }) => patient === name));
  if (patients.length < 2) return null;
  const random = seededRandom(1);
  const values: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const value = auc(patients.flatMap(() => patients[Math.floor(random() * patients.length)]));
    if (value !== null) values.push(value);
  }
  if (values.length < RESAMPLES / 2) return null;
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return [at(0.025), at(0.975)];
}
