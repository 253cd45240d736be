import type { Random } from '../math/random';
import { emptyWeights, type Host, type LesionWeights } from './host';
import { drawLesion, paintLesion, type Lesion, type PaintedKind } from './lesions';
import { MIMICS, paintMimic, type Mimic } from './mimics';

/** What was put into a vertebra. */
export interface Pathology {
  readonly lesions: readonly Lesion[];
  readonly mimics: readonly Mimic[];
  readonly weights: LesionWeights;
}

/** Shares of vertebrae with mimics. */
export interface MimicShare {
  readonly healthy: number;
  readonly malignant: number;
}

/** The benchmark's first edition: more among the healthy, so that label and mimics go together more than they should. */
export const UNEVEN_MIMICS: MimicShare = { healthy: 0.5, malignant: 0.25 };
/** As frequent in both: a mimic says nothing about the label. */
export const EVEN_MIMICS: MimicShare = { healthy: 0.4, malignant: 0.4 };

/** What is drawn into a vertebra. */
export interface PathologyOptions {
  readonly malignant: boolean;
  /** Nothing smaller is drawn: the scanner must be able to show it. */
  readonly leastDiameterMm: number;
  /** Share of the host's pattern that lesions leave visible at least. */
  readonly leastResidual?: number;
  readonly mimicShare?: MimicShare;
}

/**
 * Paints mimics and, when malignant, 1 to 4 metastases.
 * @param onMimics called between the two, when the host shows what its twin without lesions shows
 */
export function paintPathology(
  random: Random,
  host: Host,
  { malignant, leastDiameterMm, leastResidual = 0, mimicShare = UNEVEN_MIMICS }: PathologyOptions,
  onMimics?: () => void
): Pathology {
  const mimics: Mimic[] = [];
  const benign = random.fork('mimics');
  if (benign.chance(malignant ? mimicShare.malignant : mimicShare.healthy)) {
    const count = benign.chance(0.3) ? 2 : 1;
    while (mimics.length < count) {
      const mimic = benign.pick(MIMICS);
      if (!mimics.includes(mimic)) mimics.push(mimic);
    }
    for (const mimic of mimics) paintMimic(benign.fork(mimic), host, mimic);
  }
  onMimics?.();
  const weights = emptyWeights(host);
  const lesions = malignant ? drawLesions(random.fork('lesions'), host, leastDiameterMm) : [];
  for (const lesion of lesions)
    paintLesion(host, { ...lesion, residual: Math.max(lesion.residual, leastResidual) }, weights);
  return { lesions, mimics, weights };
}

/** 1 to 4 lesions: lytic, blastic or mixed, from the least diameter to most of the body. */
function drawLesions(random: Random, host: Host, leastDiameterMm: number): Lesion[] {
  const limit = Math.min(host.widthMm, host.depthMm, host.heightMm);
  const mixture = random.pick(['lytic', 'lytic', 'blastic', 'blastic', 'mixed'] as const);
  const count = mixture === 'mixed' ? random.integer(2, 4) : random.pick([1, 1, 1, 2, 2, 3, 4]);
  const largest = limit * (count === 1 ? 1.1 : count === 2 ? 0.75 : 0.5);
  const smallest = Math.max(3, Math.min(leastDiameterMm, limit * 0.5));
  return Array.from({ length: count }, (_, n) => {
    const kind: PaintedKind = mixture === 'mixed' ? (n % 2 === 0 ? 'lytic' : 'blastic') : mixture;
    const least = n === 0 ? smallest * 1.5 : smallest;
    const diameter = least * (Math.max(largest, least) / least) ** random.next();
    return drawLesion(random, host, kind, diameter, n === 0);
  });
}
