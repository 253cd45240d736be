import { checkSameGrid, InputError, labelMillilitres } from '../core';
import type { Labelmap, VertebraLevel, Volume } from '../core';
import { bodyAlgorithm } from './bodySeg';
import type { BodyToWrite } from './bodySeg';
import { grownRegion, labelBoxes, plainRegion } from './contours/region';
import type { RegionSlice } from './contours/region';
import { RESEARCH_USE } from './context';
import type { ObjectContext } from './context';
import type { CtSeries } from './ctSeries';
import { lesionLabel } from './lesionTypes';
import type { LesionToWrite } from './lesionTypes';
import { lesionRoiName, marginRoiName, uniqueNames } from './roiNames';
import { KIND_COLOURS } from './segItem';

const BODY_COLOUR = [234, 179, 8] as const;

/** Vertebral bodies, as ROIs of their own and to clip margins to. */
export interface BodyMasks {
  readonly labelmap: Labelmap;
  readonly vertebrae: readonly BodyToWrite[];
}

export interface RtStructInput extends ObjectContext {
  /** On the grid of the series; values are the lesions' indices. */
  readonly labelmap: Labelmap;
  readonly lesions: readonly LesionToWrite[];
  readonly bodies?: BodyMasks;
  /** Largest distance of a removed contour point from the outline, mm. Default 0: only points on straight lines go. */
  readonly toleranceMm?: number;
  /** Adds to every lesion a second ROI grown by this many mm in all directions. Default 0: none. */
  readonly marginMm?: number;
  /** Adds the bodies as ROIs of their own. Default: true when `bodies` are given. */
  readonly contourBodies?: boolean;
  /** Grow only inside the body of the lesion's own vertebra. Needs `bodies`. */
  readonly clipMarginToBody?: boolean;
}

export interface Roi {
  readonly name: string;
  readonly description: string;
  readonly colour: readonly number[];
  readonly type: '' | 'GTV' | 'CONTROL' | 'ORGAN';
  readonly algorithm: '' | 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  readonly millilitres?: number;
  readonly slices: readonly RegionSlice[];
}

type NameOnce = ReturnType<typeof uniqueNames>;

/** Every ROI of the structure set: lesions, grown lesions, bodies. */
export function regionsOfInterest(input: RtStructInput): Roi[] {
  const names = uniqueNames();
  return [...lesionRois(input, names), ...bodyRois(input, names)];
}

function lesionRois(input: RtStructInput, names: NameOnce): Roi[] {
  const { series, labelmap, lesions, bodies, marginMm = 0, clipMarginToBody = false } = input;
  if (lesions.length === 0) throw new InputError('no-lesions');
  if (!(marginMm >= 0 && marginMm <= 50) || !((input.toleranceMm ?? 0) >= 0 && (input.toleranceMm ?? 0) <= 5)) {
    throw new InputError('contour-options', { marginMm, toleranceMm: input.toleranceMm ?? 0 });
  }
  if (clipMarginToBody && !bodies) throw new InputError('no-bodies');
  checkSameGrid(gridOf(series), labelmap);
  const boxes = labelBoxes(labelmap);
  const millilitres = labelMillilitres(labelmap, series.slicePositionsMm);
  return lesions.flatMap((lesion): Roi[] => {
    const box = boxes.get(lesion.index);
    if (!box) throw new InputError('segment-empty', { segment: lesionLabel(lesion) });
    const { level, kind, algorithmType, atLeast } = lesion;
    const shared = { colour: KIND_COLOURS[kind], algorithm: algorithmType };
    // The contour ends where the search did.
    const described = `${lesionLabel(lesion)}${atLeast ? ' (borders on a part that was not searched: may be larger)' : ''}`;
    const plain: Roi = {
      ...shared,
      name: names(lesionRoiName(lesion)),
      description: `${described}, ${lesion.confirmed ? 'confirmed' : 'not confirmed'}, ${RESEARCH_USE}`,
      type: lesion.confirmed ? 'GTV' : '',
      millilitres: millilitres.get(lesion.index),
      slices: plainRegion(labelmap, lesion.index, box),
    };
    if (marginMm === 0) return [plain];
    const within = clipMarginToBody ? insideBody(bodies!, level, series) : undefined;
    const grown: Roi = {
      ...shared,
      name: names(...marginRoiName(lesion, marginMm)),
      description: `${described} + ${marginMm} mm${within ? ' within the body' : ''}, ${RESEARCH_USE}`,
      type: 'CONTROL',
      slices: grownRegion(labelmap, lesion.index, box, { marginMm, spacingMm: series.spacingMm, within }),
    };
    return [plain, grown];
  });
}

function bodyRois({ series, bodies, contourBodies = true }: RtStructInput, names: NameOnce): Roi[] {
  if (!bodies || !contourBodies) return [];
  checkSameGrid(gridOf(series), bodies.labelmap);
  const boxes = labelBoxes(bodies.labelmap);
  const millilitres = labelMillilitres(bodies.labelmap, series.slicePositionsMm);
  return bodies.vertebrae.flatMap(({ label, level, ...mask }): Roi[] => {
    const box = boxes.get(label);
    if (!box) return [];
    return [
      {
        name: names(`${level}_body`),
        description: `${level} vertebral body as analysed, ${RESEARCH_USE}`,
        colour: BODY_COLOUR,
        type: 'ORGAN',
        algorithm: bodyAlgorithm(mask) ?? '',
        millilitres: millilitres.get(label),
        slices: plainRegion(bodies.labelmap, label, box),
      },
    ];
  });
}

function insideBody({ labelmap, vertebrae }: BodyMasks, level: VertebraLevel, series: CtSeries) {
  const labels = new Set(vertebrae.filter(vertebra => vertebra.level === level).map(({ label }) => label));
  if (labels.size === 0) throw new InputError('no-body-to-clip', { level });
  const [columns, rows] = series.dims;
  return (i: number, j: number, k: number) =>
    i >= 0 && j >= 0 && i < columns && j < rows && labels.has(labelmap.labels[i + columns * (j + rows * k)]);
}

const gridOf = ({ dims, indexToLps }: CtSeries): Volume => ({ hu: new Int16Array(0), dims, indexToLps });
