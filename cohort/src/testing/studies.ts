/** Small studies for tests: an analytic piece of spine as a CT, with or without vertebra masks. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctSeries, encodeDataset, items, type NaturalizedInstance } from '@spine/dicom';
import { ctInstances } from '@spine/headless/ctDicom';
import { analyticSpine } from '../../../extensions/vertebra-metastasis/src/core/testing/spine';
import { foreignSeg } from '../../../test/contract/support/foreignSeg';

export interface StudyFiles {
  readonly study: string;
  readonly series: string;
}

const LEVELS = ['L2', 'L3', 'L4'];
let spine: ReturnType<typeof analyticSpine> | undefined;

/** Three bodies of 2 mm voxels; the same anatomy for every study. */
function anatomy() {
  const [columns, rows, slices] = [40, 48, 56];
  spine ??= analyticSpine(
    {
      dims: [columns, rows, slices],
      indexToLps: [2, 0, 0, 3 - columns, 0, 2, 0, -10 - 30, 0, 0, 2, -slices, 0, 0, 0, 1],
    } as never,
    { bodies: 3, lesion: (body, [x, y, z]) => (body === 1 && Math.hypot(x, y, z) < 6 ? 900 : undefined) }
  );
  return spine;
}

/** @param number makes identity and UIDs; @param change overrides attributes of every image */
export function ctStudy(folder: string, number: number, change: NaturalizedInstance = {}): StudyFiles {
  const [study, series, frame] = [1, 2, 3].map(kind => `1.2.826.0.1.3680043.10.1777.77.${number}.${kind}`);
  const { volume } = anatomy();
  const images = ctInstances(volume, {
    patientName: `Cohort^Number${number}`,
    patientId: `COHORT-${number}`,
    seriesDescription: 'Spine 2.0',
    date: new Date('2026-01-05T08:00:00Z'),
  }).map((image, k) => ({
    ...image,
    StudyInstanceUID: study,
    SeriesInstanceUID: series,
    FrameOfReferenceUID: frame,
    SOPInstanceUID: `${series}.${k + 1}`,
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    ...change,
  }));
  writeAll(join(folder, `study-${number}`, 'ct'), images);
  return { study, series };
}

/** The same with vertebra masks by "another program". */
export function ctStudyWithMasks(folder: string, number: number): StudyFiles {
  const files = ctStudy(folder, number);
  const { bodies, volume } = anatomy();
  const images = ctInstances(volume, { patientName: 'x', patientId: 'x', seriesDescription: 'x' }).map((image, k) => ({
    ...image,
    FrameOfReferenceUID: `1.2.826.0.1.3680043.10.1777.77.${number}.3`,
    SOPInstanceUID: `${files.series}.${k + 1}`,
    StudyInstanceUID: files.study,
    SeriesInstanceUID: files.series,
  }));
  const [columns, rows] = volume.dims;
  const seg = foreignSeg(
    ctSeries(images),
    LEVELS.map((level, n) => ({
      SegmentNumber: n + 1,
      SegmentLabel: `vertebrae_${level}`,
      inside: (i, j, k) => bodies.labels[(k * rows + j) * columns + i] === n + 1,
    }))
  );
  const uid = `1.2.826.0.1.3680043.10.1777.77.${number}.9`;
  writeAll(join(folder, `study-${number}`, 'seg'), [
    {
      ...seg,
      SegmentSequence: items(seg, 'SegmentSequence').map(({ SegmentNumber, SegmentLabel }) => ({
        SegmentNumber,
        SegmentLabel,
      })),
      PatientName: `Cohort^Number${number}`,
      PatientID: `COHORT-${number}`,
      StudyInstanceUID: files.study,
      SeriesInstanceUID: `${uid}.1`,
      SOPInstanceUID: `${uid}.2`,
      Manufacturer: 'Other',
      ManufacturerModelName: 'Other',
    },
  ]);
  return files;
}

function writeAll(folder: string, datasets: readonly NaturalizedInstance[]): void {
  mkdirSync(folder, { recursive: true });
  datasets.forEach((dataset, n) => {
    writeFileSync(join(folder, `${String(n + 1).padStart(4, '0')}.dcm`), new Uint8Array(encodeDataset(dataset)));
  });
}
