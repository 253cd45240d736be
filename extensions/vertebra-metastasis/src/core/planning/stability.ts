/** Collapse and alignment of a vertebra against its neighbours, measured in the sagittal plane of a CT lying down. */
import type { VertebraLevel } from '../types';
import type { BodyShape } from './bodyShape';
import type { SinsAnswer } from './sins';

/** Height losses below this are not told from the normal differences between neighbours (grade 1 of Genant, JBMR 1993). */
export const MIN_LOSS_PERCENT = 20;
/** Published line between the two grades of collapse in SINS. */
const HALF_PERCENT = 50;
/** A step of the posterior wall beyond this is proposed as translation, mm (White and Panjabi: 3.5 cervical, 4.5 lumbar). */
const STEP_MM = { cervical: 3.5, other: 4.5 } as const;
/** A body wedged by this much more than its neighbours is proposed as a deformity, degrees. */
const WEDGE_DEGREES = 10;

/** A vertebra next to the one in question. */
export interface Neighbour {
  readonly level: VertebraLevel;
  readonly shape: BodyShape;
}

export interface Collapse {
  /** Largest loss of the anterior, middle or posterior height against the neighbours' mean; may be negative. */
  readonly lossPercent: number;
  readonly at: 'anterior' | 'middle' | 'posterior';
  readonly heightMm: number;
  readonly expectedMm: number;
  readonly comparedWith: readonly VertebraLevel[];
}

const PARTS = ['anterior', 'middle', 'posterior'] as const;

/** Undefined without a measurable neighbour. */
export function collapse(shape: BodyShape, neighbours: readonly Neighbour[]): Collapse | undefined {
  if (neighbours.length === 0) return undefined;
  const losses = PARTS.map((at): Collapse => {
    const expectedMm = neighbours.reduce((sum, one) => sum + one.shape[`${at}Mm`], 0) / neighbours.length;
    const heightMm = shape[`${at}Mm`];
    const lossPercent = 100 * (1 - heightMm / expectedMm);
    return { lossPercent, at, heightMm, expectedMm, comparedWith: neighbours.map(({ level }) => level) };
  });
  return losses.reduce((a, b) => (b.lossPercent > a.lossPercent ? b : a));
}

/**
 * @param lesionPercent of the analysed body; undefined when not known
 * @param unsearchedPercent of the body that was not searched for lesions: were all of it lesion, it must not matter
 */
export function sinsCollapse(
  measured: Collapse,
  lesionPercent: number | undefined,
  unsearchedPercent = 0
): SinsAnswer<'collapse'> | undefined {
  if (measured.lossPercent > HALF_PERCENT) return 'over50';
  if (measured.lossPercent >= MIN_LOSS_PERCENT) return 'under50';
  if (lesionPercent === undefined) return undefined;
  const [least, most] = [lesionPercent * (1 - unsearchedPercent / 100), lesionPercent + unsearchedPercent];
  return least > HALF_PERCENT ? 'bodyOver50' : most <= HALF_PERCENT ? 'none' : undefined;
}

export interface SagittalAlignment {
  /** Largest step of the posterior wall to a neighbour, mm, and to which. */
  readonly stepMm: number;
  readonly stepTo: VertebraLevel;
  readonly wedgeDegrees: number;
  readonly neighboursWedgeDegrees: number;
}

/** @param above @param below the direct neighbours that can be measured; undefined without any */
export function sagittalAlignment(
  shape: BodyShape,
  above: Neighbour | undefined,
  below: Neighbour | undefined
): SagittalAlignment | undefined {
  const steps = [
    ...(above ? [{ stepTo: above.level, stepMm: step(above.shape, shape) }] : []),
    ...(below ? [{ stepTo: below.level, stepMm: step(shape, below.shape) }] : []),
  ];
  if (steps.length === 0) return undefined;
  const neighbours = [above, below].flatMap(one => one?.shape.wedgeDegrees ?? []);
  const largest = steps.reduce((a, b) => (b.stepMm > a.stepMm ? b : a));
  return {
    ...largest,
    wedgeDegrees: shape.wedgeDegrees,
    neighboursWedgeDegrees: neighbours.reduce((sum, degrees) => sum + degrees, 0) / neighbours.length,
  };
}

/** How far the upper body's posterior wall stands before or behind the lower one's, along the mean of their directions. */
function step(upper: BodyShape, lower: BodyShape): number {
  const [ay, az] = upper.posteriorInferior;
  const [by, bz] = lower.posteriorSuperior;
  const direction = [upper.backwards[0] + lower.backwards[0], upper.backwards[1] + lower.backwards[1]];
  const length = Math.hypot(...direction);
  return Math.abs(((ay - by) * direction[0] + (az - bz) * direction[1]) / length);
}

export function sinsAlignment(measured: SagittalAlignment, level: VertebraLevel): SinsAnswer<'alignment'> {
  const limit = level.startsWith('C') ? STEP_MM.cervical : STEP_MM.other;
  if (measured.stepMm > limit) return 'subluxation';
  return measured.wedgeDegrees - measured.neighboursWedgeDegrees > WEDGE_DEGREES ? 'deformity' : 'normal';
}
