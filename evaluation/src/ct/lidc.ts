/** A healthy patient: every region kept in the thirteen vertebrae of lidc-0314 is false. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, labelExtents, type SliceChoice, type Vec3 } from '@spine/core';
import { findVertebrae } from '@spine/headless/foundVertebrae';
import { readCt } from '@spine/headless/studySource';
import { contactSheet } from '../contactSheet';
import { table } from '../tables';
import { millilitres, type Part, probability, regionTable } from './part';
import { pictured, sliceThrough } from './pictures';
import { compareWithTruth, falseRegionsByLevel } from './regions';
import { analyseCt, type AnalysedCt, centralSlices, type ShippedModel } from './study';

const FOLDER = 'lidc-0314';
/** A body found is the known one when its centroid is this near. */
const SAME_BODY_MM = 8;
const FALSE_ROWS = 24;
/** Seen by the developers, read by no radiologist. */
const KNOWN_FINDINGS: Readonly<Record<string, string>> = {
  V7: 'Schmorl-like node in the lower endplate',
  V11: 'round dense focus, perhaps a bone island, 10 mm left of the middle',
};

interface KnownCentre {
  readonly id: string;
  readonly lps: Vec3;
}

/**
 * Bodies found in the CT as `analyse` does it without masks; the slices chosen, and what the central slices alone would show.
 * @param folder of real CT
 */
export async function lidcPart(model: ShippedModel, folder: string, slices: SliceChoice): Promise<Part> {
  const which =
    slices === 'all' ? 'all slices' : slices === 'central' ? 'central slices' : `every ${slices.every}-th slice`;
  const { volume } = await readCt(join(folder, FOLDER));
  const { labelmap: bodies, vertebrae, notFound } = await findVertebrae(volume);
  const { centres } = JSON.parse(readFileSync(join(folder, `${FOLDER}-centres.json`), 'utf8')) as {
    centres: KnownCentre[];
  };
  const targets = vertebrae.map(({ label, level }) => ({ label, level }));
  const all = await analyseCt(model, { volume, bodies, targets }, slices);
  const central = centralSlices(model, all);
  const falseAll = falseOf(all);
  const falseCentral = falseOf(central);

  const extents = labelExtents(bodies);
  const rows = centres.map(({ id, lps }) => {
    const near = targets.find(({ label }) => distance(extents.get(label)!.centreLps, lps) <= SAME_BODY_MM);
    const failure = all.study.failures.find(({ label }) => label === near?.label);
    const analysis = all.study.analyses.find(({ label }) => label === near?.label);
    const missed = notFound?.find(({ centreLps }) => distance(centreLps, lps) <= SAME_BODY_MM);
    return {
      vertebra: id,
      foundAs: near?.level ?? null,
      notAnalysed: failure
        ? `${failure.reason.code}: ${describeError(failure.reason)}`
        : near
          ? null
          : (missed?.code ?? 'not found'),
      centralProbability:
        central.study.analyses.find(({ label }) => label === near?.label)?.malignancyProbability ?? null,
      largestProbability: analysis?.malignancyProbability ?? null,
      slices: analysis ? analysis.slices.length + analysis.screenedSlices.length : 0,
      searchedSlices: analysis?.slices.length ?? 0,
      central: falseCentral.byLevel.find(({ level }) => level === near?.level) ?? null,
      all: falseAll.byLevel.find(({ level }) => level === near?.level) ?? null,
    };
  });
  const cell = (value: number | null, shown: (value: number) => string) => (value === null ? '-' : shown(value));
  const counted = (one: { regions: number; millilitres: number } | null) =>
    one ? [String(one.regions), millilitres(one.millilitres)] : ['-', '-'];
  const refused = rows.filter(({ notAnalysed }) => notAnalysed !== null);
  const picture = ({ level, offsets }: AnalysedCt['regions'][number]) => {
    const analysis = all.study.analyses.find(one => one.level === level)!;
    return pictured(model, all.ct, analysis, sliceThrough(all.ct, analysis, offsets));
  };
  const largest = [...all.regions].sort((a, b) => b.millilitres - a.millilitres).slice(0, FALSE_ROWS);
  return {
    json: {
      slices,
      vertebrae: rows,
      central: falseCentral.json,
      all: falseAll.json,
      otherBodiesFound: targets.map(({ level }) => level).filter(level => !rows.some(row => row.foundAs === level)),
    },
    markdown: [
      `## Healthy patient (LIDC-IDRI-0314, thirteen thoracic vertebrae found automatically)`,
      `Every region is false. ${rows.length - refused.length} of ${rows.length} vertebrae were analysed: ${falseCentral.regions.length} false regions in ${central.study.analyses.filter(({ level }) => falseCentral.regions.some(one => one.level === level)).length} vertebrae on the central slices, ${falseAll.regions.length} in ${falseAll.byLevel.filter(({ regions }) => regions > 0).length} on ${which}. Findings that are no metastasis (*): ${Object.entries(
        KNOWN_FINDINGS
      )
        .map(([vertebra, finding]) => `${vertebra}, ${finding}`)
        .join('; ')}.`,
      ...refused.map(({ vertebra, notAnalysed }) => `${vertebra} not analysed: ${notAnalysed}`),
      table(
        ['Vertebra', 'P central', 'Largest P', 'Slices searched', 'False, central', 'ml', `False, ${which}`, 'ml'],
        rows.map(row => [
          row.vertebra in KNOWN_FINDINGS ? `${row.vertebra} *` : row.vertebra,
          ...[cell(row.centralProbability, probability), cell(row.largestProbability, probability)],
          ...[`${row.searchedSlices} of ${row.slices}`, ...counted(row.central), ...counted(row.all)],
        ])
      ),
      'Regions on the central slices:',
      regionTable(falseCentral.regions),
      `Regions on ${which}:`,
      regionTable(falseAll.regions),
    ].join('\n\n'),
    sheets: {
      'lidc-central': contactSheet(all.study.analyses.map(analysis => pictured(model, all.ct, analysis, 0))),
      ...(largest.length > 0 ? { 'lidc-false-regions': contactSheet(largest.map(picture)) } : {}),
    },
  };
}

function falseOf({ study, regions, ct }: AnalysedCt) {
  const outcomes = compareWithTruth(regions, [], 0).regions;
  const byLevel = falseRegionsByLevel(
    study.analyses.map(({ level }) => level),
    outcomes
  );
  return { regions: outcomes, byLevel, json: { regions: outcomes, byLevel }, ct };
}

const distance = (a: Vec3, b: Vec3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
