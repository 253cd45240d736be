/** What every odd input is made of: one made-up piece of spine, as CT, as masks, as DICOM with invented identity. Deterministic. */
import type { Labelmap, Volume } from '@spine/core';
import { ctSeries, type NaturalizedInstance } from '@spine/dicom';
import { ctInstances } from '@spine/headless/ctDicom';
import { analyticSpine, bodyCentres } from '../../../../extensions/vertebra-metastasis/src/core/testing/spine';
import { foreignSeg, type ForeignOptions, type ForeignSegment } from '../foreignSeg';

export const LEVELS = ['L2', 'L3', 'L4'] as const;
const ROOT = '1.2.826.0.1.3680043.10.1777.17';
export const DIMS = [36, 44, 40] as const;
const GRID = { dims: DIMS, indexToLps: Float64Array.of(2.5, 0, 0, -41, 0, 2.5, 0, -42, 0, 0, 2.5, -48, 0, 0, 0, 1) };
/** Denser than this is bone, also between the bodies' masks. */
const BONE_HU = 250;

const { volume, bodies } = analyticSpine(GRID, {
  bodies: 3,
  lesion: (body, [x, y, z]) => (body === 1 && Math.hypot(x, y, z) < 6 ? 900 : undefined),
});
export const CT: Volume = { ...volume, hu: Int16Array.from(volume.hu, Math.round) };

/** Whole vertebrae 1 to 3 from the head: bodies, and the arches behind each. */
export const VERTEBRAE: Labelmap = { ...bodies, labels: bodies.labels.map((label, n) => label || archAt(n)) };

function archAt(n: number): number {
  const j = Math.floor(n / DIMS[0]) % DIMS[1];
  if (CT.hu[n] < BONE_HU || -42 + 2.5 * j < 0) return 0;
  const z = -48 + 2.5 * Math.floor(n / (DIMS[0] * DIMS[1]));
  const heights = bodyCentres({ bodies: 3 }).map(([, , centre]) => Math.abs(centre + 2 - z));
  return 1 + heights.indexOf(Math.min(...heights));
}

/** The slices of the plain CT, from feet to head. */
export const IMAGES: readonly NaturalizedInstance[] = ctInstances(CT, {
  patientName: 'Placeholder^Paula',
  patientId: 'PLACEHOLDER-1',
  seriesDescription: 'Spine 2.5',
  date: new Date('2026-01-05T08:00:00Z'),
}).map((image, k) => ({
  ...image,
  StudyInstanceUID: `${ROOT}.1`,
  SeriesInstanceUID: `${ROOT}.2`,
  FrameOfReferenceUID: `${ROOT}.3`,
  SOPInstanceUID: `${ROOT}.4.${k + 1}`,
  PatientBirthDate: '19500101',
  Manufacturer: 'Placeholder',
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
}));

export const uid = (...parts: number[]): string => [ROOT, ...parts].join('.');
const SERIES = ctSeries(IMAGES);

export interface SegSpec extends ForeignOptions {
  /** Of the three vertebrae; default "vertebrae_L2"... */
  readonly names?: readonly string[];
  /** Attributes of the segments beside their numbers and names. */
  readonly segment?: (n: number) => object;
  /** Attributes of the object. */
  readonly set?: NaturalizedInstance;
  /** Vertebrae of the segments; default 1, 2, 3. */
  readonly vertebrae?: readonly number[];
  readonly inside?: (vertebra: number, n: number) => boolean;
}

/** Masks as another program writes them on the plain CT. */
export function vertebraSeg({
  names,
  segment,
  set,
  vertebrae = [1, 2, 3],
  inside,
  ...options
}: SegSpec = {}): NaturalizedInstance {
  const [columns, rows] = DIMS;
  const segments = vertebrae.map((vertebra, n): ForeignSegment => {
    const about = { SegmentNumber: n + 1, SegmentLabel: names?.[n] ?? `vertebrae_${LEVELS[vertebra - 1]}` };
    return {
      ...about,
      ...segment?.(n),
      inside: (i, j, k) => {
        const at = i + columns * (j + rows * k);
        return inside ? inside(vertebra, at) : VERTEBRAE.labels[at] === vertebra;
      },
    };
  });
  const object = foreignSeg(SERIES, segments, options);
  return {
    ...object,
    SpecificCharacterSet: 'ISO_IR 192',
    SegmentSequence: segments.map(about => ({ ...about, inside: undefined })),
    PatientName: 'Placeholder^Paula',
    PatientID: 'PLACEHOLDER-1',
    StudyInstanceUID: uid(1),
    SeriesInstanceUID: uid(12),
    SOPInstanceUID: uid(13),
    Manufacturer: 'Placeholder',
    ...set,
  };
}
