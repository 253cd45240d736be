/** Runs the analysis that the product ships with over a CT whose bodies are known. */
import {
  analyseStudy,
  type Labelmap,
  lesionLabelmap,
  type LesionLabelmap,
  type LesionRules,
  localEngine,
  type MethodOptions,
  type PatchSpec,
  SCREEN_BELOW,
  type SliceChoice,
  type StudyAnalysis,
  type VertebraAnalysis,
  type VertebraTarget,
  type Volume,
} from '@spine/core';
import type { NodeModel } from '@spine/headless/nodeModel';
import { progressPrinter } from '@spine/headless/progressLine';
import { methodOf } from '@spine/runtime/method';
import { keptRegionsOf, type KeptRegion } from './regions';

/** A model with the settings it is shipped with: those of its manifest and the fast sampler. */
export interface ShippedModel extends Pick<NodeModel, 'network'> {
  readonly classifier: NodeModel['manifest']['classifier'];
  readonly spec: PatchSpec;
  readonly method: MethodOptions;
  readonly rules: LesionRules;
  readonly screenBelow: number;
}

export function shippedModel({ network, manifest }: NodeModel): ShippedModel {
  const { attributionThreshold, minPixels } = manifest.method;
  return {
    network,
    classifier: manifest.classifier,
    spec: manifest.patch,
    screenBelow: SCREEN_BELOW,
    method: methodOf(manifest, 'fast'),
    rules: { threshold: attributionThreshold, minPixels },
  };
}

/** A CT, its vertebral bodies on the same grid, and the bodies to analyse. */
export interface CtCase {
  readonly volume: Volume;
  readonly bodies: Labelmap;
  readonly targets: readonly VertebraTarget[];
}

export interface AnalysedCt {
  readonly ct: CtCase;
  readonly study: StudyAnalysis;
  readonly lesions: LesionLabelmap;
  readonly regions: readonly KeptRegion[];
}

/** All that `analyse` does between reading and writing. */
export async function analyseCt(model: ShippedModel, ct: CtCase, slices: SliceChoice): Promise<AnalysedCt> {
  const { network, classifier, spec, method, screenBelow } = model;
  const study = await analyseStudy(
    localEngine(network, classifier),
    { volume: ct.volume, bodies: ct.bodies, spec },
    ct.targets,
    { slices, method, screenBelow, onProgress: progressPrinter() }
  );
  if (process.stderr.isTTY) process.stderr.write('\n');
  return withRegions(model, ct, study);
}

function withRegions({ rules }: ShippedModel, ct: CtCase, study: StudyAnalysis): AnalysedCt {
  const lesions = lesionLabelmap(ct.volume, ct.bodies, study.analyses, rules);
  return { ct, study, lesions, regions: keptRegionsOf(ct.bodies, study.analyses, lesions, rules) };
}

/** What the analysis of the central slices alone would have shown: slices are analysed each on its own. */
export function centralSlices(model: ShippedModel, { ct, study }: AnalysedCt): AnalysedCt {
  const analyses = study.analyses.flatMap((analysis): VertebraAnalysis[] => {
    const [slices, screenedSlices] = [analysis.slices.filter(isCentral), analysis.screenedSlices.filter(isCentral)];
    const probabilities = [
      ...slices.map(
        ({ malignancyProbability, attribution }) => malignancyProbability ?? attribution.malignancyProbability
      ),
      ...screenedSlices.map(slice => slice.malignancyProbability),
    ];
    if (probabilities.length === 0) return [];
    const skippedSlices = analysis.skippedSlices.filter(isCentral);
    return [{ ...analysis, slices, screenedSlices, skippedSlices, malignancyProbability: Math.max(...probabilities) }];
  });
  return withRegions(model, ct, { ...study, analyses });
}

const isCentral = ({ offsetMm }: { readonly offsetMm: number }) => offsetMm === 0;
