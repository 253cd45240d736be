/** What `npm run study:vertebra` found: as text, as a file, and for the JSON of `npm run bench`. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS } from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import { fixed, table } from '../tables';
import { setName } from './cases';
import type { LeftOut, StudyFigures, VertebraRow } from './study';

export interface VertebraStudy {
  readonly model: string;
  /** See {@link figuresKey}. */
  readonly sha256: string;
  readonly set: string;
  readonly figures: readonly StudyFigures[];
  readonly rows: Readonly<Record<string, readonly VertebraRow[]>>;
}

/** Of the Standard preset. Agreement and volumes are null where the reference has finished no vertebra. */
export interface VertebraSummary {
  readonly set: string;
  readonly sampler: string;
  readonly vertebrae: number;
  /** Against the reference schedule on every slice that the model knows. */
  readonly evaluationRatio: number;
  /** The same in the vertebrae that are searched at all. */
  readonly evaluationRatioSuspicious: number | null;
  /** On the searched slices. */
  readonly evaluationRatioSearched: number;
  /** Vertebrae with searched slices, all of which the reference has finished. */
  readonly comparedWithReference: number;
  /** Of what is shown, with all rules of the model on both sides; by the published rules alone. */
  readonly maskDice: number | null;
  readonly maskDicePublished: number | null;
  readonly volumeError: number | null;
  readonly sameLesions: number | null;
  /** For a vertebra of 60 slices with two lesions: the mean, and the vertebra that takes most. */
  readonly evaluationsStandard: number | null;
  readonly evaluationsStandardMost: number | null;
  readonly leftOut: LeftOut;
}

/** Of all that decides about a study's figures: weights, classifier, rules. The same noise predictor gated otherwise is another model. */
export function figuresKey({ files, classifier, patch, method }: StudiedModel): string {
  const weights = Object.values(files).map(file => file?.sha256);
  return createHash('sha256')
    .update(JSON.stringify([weights, classifier, patch, method]))
    .digest('hex');
}
type StudiedModel = Pick<ModelManifest, 'files' | 'classifier' | 'patch' | 'method'>;

const fileOf = (cache: string, set: string) => join(cache, `study-vertebra-${set}.json`);

/** Kept as the last study of its set. */
export function writeStudy(cache: string, study: VertebraStudy, file = fileOf(cache, study.set)): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(study, undefined, 1)}\n`);
}

/** Of the last study of the benchmark's phantoms; null where there is none of this model. */
export function vertebraSummary(cache: string, model: StudiedModel): VertebraSummary | null {
  const file = fileOf(cache, setName('test'));
  if (!existsSync(file)) return null;
  const study = JSON.parse(readFileSync(file, 'utf8')) as VertebraStudy;
  const own = study.figures.find(({ name }) => name === PRESETS.standard.sampler);
  if (study.sha256 !== figuresKey(model) || !own) return null;
  const { name, vertebrae, evaluationRatio, evaluationRatioSuspicious, evaluationRatioSearched } = own;
  const { againstReference, shownAgainstReference: shown, standard, leftOut } = own;
  return {
    ...{
      set: study.set,
      sampler: name,
      vertebrae,
      evaluationRatio,
      evaluationRatioSuspicious,
      evaluationRatioSearched,
    },
    comparedWithReference: againstReference?.vertebrae ?? 0,
    maskDice: shown?.maskDice ?? null,
    maskDicePublished: againstReference?.maskDice ?? null,
    volumeError: shown?.volumeError ?? null,
    sameLesions: shown?.sameLesions ?? null,
    evaluationsStandard: standard?.mean ?? null,
    evaluationsStandardMost: standard?.most ?? null,
    leftOut,
  };
}

/** The study as Markdown. */
export function studyText({ model, set, figures }: VertebraStudy): string {
  const evaluations = table(
    [
      ...[
        'Sampler',
        'Vertebrae',
        'Slices searched, followed, known, of the body',
        'Noise predictions a vertebra',
        'a searched slice',
      ],
      ...['(a) fewer than the reference on every slice', 'of vertebrae that are searched', 'of the whole body'],
      '(b) on the searched slices',
      'For 60 slices with two lesions: mean, most (vertebrae)',
    ],
    figures.map(f => [
      ...[
        f.name,
        f.vertebrae,
        `${f.searched}, ${f.followed}, ${f.known}, ${f.bodySlices}`,
        fixed(f.evaluationsAVertebra, 0),
      ],
      ...[fixed(f.evaluationsASlice, 0), fixed(f.evaluationRatio, 1)],
      f.evaluationRatioSuspicious === null ? '' : fixed(f.evaluationRatioSuspicious, 1),
      ...[fixed(f.evaluationRatioWholeBody, 1), fixed(f.evaluationRatioSearched, 1)],
      f.standard ? `${fixed(f.standard.mean, 0)}, ${fixed(f.standard.most, 0)} (${f.standard.vertebrae})` : '',
    ])
  );
  const agreement = table(
    ['Sampler', 'Against', 'Vertebrae', 'Mask Dice', 'Volume error', 'Bias', 'Same lesions', 'Same vertebrae'],
    figures.flatMap(f => {
      const rows = [
        ['reference, as shown', f.shownAgainstReference],
        ['reference, published rules', f.againstReference],
        ['fast, published rules', f.againstFast],
      ] as const;
      return rows.flatMap(([yardstick, a]) => {
        if (!a) return [];
        const values = [a.maskDice, a.volumeError, a.volumeBias, a.sameLesions, a.sameVertebrae];
        return [[f.name, yardstick, a.vertebrae, ...values.map(value => fixed(value, 3))]];
      });
    })
  );
  const { leftOut } = figures[0];
  const others = figures[0].known - figures[0].searched - leftOut.slices;
  return [
    `Model ${model}, ${set}: the first ${figures[0].vertebrae} vertebrae in a fixed random order, healthy ones as they come.`,
    evaluations,
    agreement,
    leftOut.slices === 0
      ? `None of the ${others} slices that screening leaves out was run: they are counted without candidates, so (a) is at least that.`
      : `Slices that screening leaves out: ${leftOut.slices} were run with fast and have ${leftOut.candidates} candidates; the other ${others}, in vertebrae that are not searched, are counted with as many as those of them that were run have on average. In ${leftOut.slicesWithRegions} of those run fast would keep something: ${leftOut.regions} regions, ${leftOut.pixels} pixels, ${leftOut.truePixels} of them true.`,
  ].join('\n\n');
}
