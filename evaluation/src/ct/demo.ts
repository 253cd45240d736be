/** The generated demo study, analysed as the product does it, against its truth. */
import { describeError, type Labelmap, vertebralBodies, voxelMillilitres } from '@spine/core';
import { demoPlan, demoTruth, generateDemoVolume, TRUTH } from '@spine/phantoms';
import { contactSheet } from '../contactSheet';
import { table } from '../tables';
import { millilitres, type Part, probability, regionTable, share } from './part';
import { pictured, sliceThrough } from './pictures';
import { compareWithTruth, falseRegionsByLevel, type TrueLesion } from './regions';
import { analyseCt, type ShippedModel } from './study';

const FALSE_ROWS = 24;

/** All slices of every body; the masks are of whole vertebrae and are cut to the bodies, as for any user. */
export async function demoPart(model: ShippedModel): Promise<Part> {
  const demo = generateDemoVolume();
  const { lesions: listed, mimicLevel } = demoTruth(demo, demoPlan('baseline'));
  const masks = demo.levels.map(target => ({ ...target, region: 'vertebra' as const }));
  const { bodies, failures } = vertebralBodies(demo.vertebrae, masks);
  for (const { label, reason } of failures) {
    throw new Error(`The demo's ${label} cannot be cut: ${describeError(reason)}`);
  }
  const analysed = await analyseCt(model, { volume: demo.volume, bodies, targets: demo.levels }, 'all');
  const { ct, study, regions } = analysed;

  const truth = listed.map(({ name, level, kind, vertebraLabel }) => ({
    name,
    level,
    kind,
    offsets: voxelsOf(demo.truth, demo.bodies, TRUTH[kind], vertebraLabel),
  }));
  const outcome = compareWithTruth(regions, truth, voxelMillilitres(demo.volume.indexToLps));
  const levels = study.analyses.map(({ level }) => level);
  const falseRegions = falseRegionsByLevel(levels, outcome.regions);
  const analysisOf = (level: string) => study.analyses.find(one => one.level === level)!;
  const row = (level: string, offsets: Iterable<number>) => {
    const analysis = analysisOf(level);
    return pictured(model, ct, analysis, sliceThrough(ct, analysis, offsets), demo.truth);
  };
  const wrong = regions.filter((_, n) => outcome.regions[n].isFalse);
  const largest = [...wrong].sort((a, b) => b.millilitres - a.millilitres).slice(0, FALSE_ROWS);
  const vertebrae = study.analyses.map(({ level, malignancyProbability, slices, screenedSlices, skippedSlices }) => ({
    level,
    mimic: level === mimicLevel,
    malignancyProbability,
    searchedSlices: slices.length,
    screenedSlices: screenedSlices.length,
    skippedSlices: skippedSlices.length,
    falseRegions: falseRegions.find(one => one.level === level)!,
  }));
  return {
    json: { mimicLevel, failures: study.failures, vertebrae, ...outcome },
    markdown: [
      `## Demo study (phantom, ${levels.join(', ')})`,
      `${outcome.lesions.filter(({ found }) => found).length} of ${truth.length} true lesions overlap a kept region of their kind; ${wrong.length} false regions. Degenerative mimics, no lesion: ${mimicLevel}.`,
      table(
        ['Lesion', 'Found', 'True ml', 'Kept ml', 'Overlap ml', 'Dice', 'IoU'],
        outcome.lesions.map(one => [
          ...[one.name, one.found ? 'yes' : 'no', millilitres(one.trueMl), millilitres(one.keptMl)],
          ...[millilitres(one.overlapMl), share(one.dice), share(one.iou)],
        ])
      ),
      table(
        ['Vertebra', 'Largest P(malignant)', 'Slices searched', 'screened', 'skipped', 'False regions', 'ml'],
        vertebrae.map(one => [
          ...[one.mimic ? `${one.level} (mimics)` : one.level, probability(one.malignancyProbability)],
          ...[one.searchedSlices, one.screenedSlices, one.skippedSlices, one.falseRegions.regions].map(String),
          millilitres(one.falseRegions.millilitres),
        ])
      ),
      regionTable(outcome.regions),
    ].join('\n\n'),
    sheets: {
      ...Object.fromEntries(truth.map(one => [fileName(one), contactSheet([row(one.level, one.offsets)])])),
      ...(largest.length > 0
        ? { 'demo-false-regions': contactSheet(largest.map(({ level, offsets }) => row(level, offsets))) }
        : {}),
    },
  };
}

const fileName = ({ level, kind }: TrueLesion) => `demo-${level.toLowerCase()}-${kind}`;

function voxelsOf(truth: Labelmap, bodies: Labelmap, value: number, vertebraLabel: number): Set<number> {
  const found = new Set<number>();
  truth.labels.forEach((kind, at) => kind === value && bodies.labels[at] === vertebraLabel && found.add(at));
  return found;
}
