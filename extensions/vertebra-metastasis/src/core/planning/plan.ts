/** Everything that can be proposed for the worksheets of a vertebra. */
import type { LevelBurden } from '../burden';
import { type LabelExtent, labelExtents } from '../geometry';
import type { Labelmap, VertebraLevel } from '../types';
import { isNumberedLevel, levelOrder } from '../vertebrae/levels';
import { bodyShape, type BodyShape } from './bodyShape';
import { type SearchedBody, type SectorSuggestion, sectorSuggestion } from './sectors';
import { type SinsAnswers, sinsLesion, sinsLocation } from './sins';
import {
  type SagittalAlignment,
  collapse,
  type Collapse,
  type Neighbour,
  sagittalAlignment,
  sinsAlignment,
  sinsCollapse,
} from './stability';

export interface LevelPlan {
  readonly level: VertebraLevel;
  /** Proposals only: pain and posterolateral involvement are never among them. */
  readonly proposed: SinsAnswers;
  /** Undefined where the body or its neighbours cannot be measured. */
  readonly collapse?: Collapse;
  readonly alignment?: SagittalAlignment;
  /** Why there is no suggestion: an outer third of the body was not searched, or nobody knows what was. */
  readonly sectors?: SectorSuggestion | 'not-searched' | 'unknown-search';
  /** Sagittal slices searched for lesions; undefined when not known. */
  readonly searchedSlices?: number;
  /** Of the body, what was searched for lesions; undefined when not known. */
  readonly searchedPercent?: number;
}

/** From this share of the body on, "more than half of the body" can be told, percent. */
export const WHOLE_PERCENT = 90;

interface PlanInput {
  readonly bodies: Labelmap | undefined;
  readonly lesions: Labelmap;
  readonly vertebrae: readonly { readonly label: number; readonly level: VertebraLevel }[];
  /** Levels with a lesion, with their volumes. */
  readonly affected: readonly LevelBurden[];
  /** By label; bodies that are not in it were searched nobody knows where. */
  readonly searched?: ReadonlyMap<number, SearchedBody>;
}

/** One plan per affected level, from head to pelvis. */
export function levelPlans({ bodies, lesions, vertebrae, affected, searched }: PlanInput): readonly LevelPlan[] {
  const extents = bodies ? labelExtents(bodies) : new Map<never, never>();
  const sorted = [...vertebrae].sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
  const shapes = new Map<VertebraLevel, BodyShape>();
  for (const { label, level } of sorted) {
    const extent = extents.get(label);
    const shape = bodies && extent && bodyShape(bodies, extent);
    if (shape) shapes.set(level, shape);
  }
  const neighbour = (level: VertebraLevel, step: 1 | -1): Neighbour | undefined => {
    const next = sorted[sorted.findIndex(one => one.level === level) + step];
    const shape = next && adjacent(level, next.level) ? shapes.get(next.level) : undefined;
    return shape && { level: next.level, shape };
  };
  return affected.map(burden => {
    const { level } = burden;
    const shape = shapes.get(level);
    const [above, below] = [neighbour(level, -1), neighbour(level, 1)];
    const lost =
      shape &&
      collapse(
        shape,
        [above, below].flatMap(one => one ?? [])
      );
    const alignment = shape && sagittalAlignment(shape, above, below);
    const label = vertebrae.find(one => one.level === level)?.label;
    const extent = label === undefined ? undefined : extents.get(label);
    const known = label === undefined ? undefined : searched?.get(label);
    const searchedPercent = bodies && extent && known && percentSearched(bodies, extent, known);
    const whole = searchedPercent !== undefined && searchedPercent >= WHOLE_PERCENT;
    return {
      level,
      proposed: defined({
        location: sinsLocation(level),
        lesion: sinsLesion(
          burden.lytic?.millilitres ?? 0,
          burden.blastic?.millilitres ?? 0,
          burden.mixed?.millilitres ?? 0
        ),
        alignment: alignment && sinsAlignment(alignment, level),
        // How much of the body is involved follows from what was seen of it alone when that is nearly all.
        collapse: lost && sinsCollapse(lost, whole ? burden.percent : undefined, 100 - (searchedPercent ?? 0)),
      }),
      ...(lost ? { collapse: lost } : {}),
      ...(alignment ? { alignment } : {}),
      ...(known ? { searchedSlices: known.slices } : {}),
      ...defined({ searchedPercent }),
      ...(bodies && extent
        ? defined({
            sectors:
              known && burden.percent !== undefined
                ? sectorSuggestion(bodies, extent, lesions, known, burden.percent)
                : ('unknown-search' as const),
          })
        : {}),
    };
  });
}

function percentSearched({ labels, dims }: Labelmap, { label, min, max }: LabelExtent, { unsearched }: SearchedBody) {
  let body = 0;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) if (labels[i + dims[0] * (j + dims[1] * k)] === label) body++;
    }
  }
  return 100 * (1 - unsearched.size / body);
}

const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;

/** A gap in the masks must not make vertebrae neighbours; T12 may be followed by T13 or L1, L5 by L6 or S1. */
function adjacent(a: VertebraLevel, b: VertebraLevel): boolean {
  if (isNumberedLevel(a) !== isNumberedLevel(b)) return false;
  const gap = Math.abs(levelOrder(a) - levelOrder(b));
  if (gap === 1) return true;
  const pair = levelOrder(a) < levelOrder(b) ? `${a} ${b}` : `${b} ${a}`;
  return pair === 'T12 L1' || pair === 'L5 S1';
}
