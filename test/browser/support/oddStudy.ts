import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { emptyReview } from '@spine/core/review';
import { bodySeg, ctSeries, encodeDataset, lesionSeg, savedState } from '@spine/dicom';

import { CONTEXT, lesion } from '../../contract/support/geometries';
import { ball, labelmapOf } from '../../contract/support/masks';
import { syntheticCt } from '../../contract/support/syntheticCt';

/**
 * A small CT whose slices fill no whole bytes (81 x 63 pixels), with one vertebral body and a saved lesion in it.
 * @returns the folder of the CT
 */
export function writeOddStudy(folder: string): string {
  const ct = syntheticCt({
    columns: 81,
    rows: 63,
    slices: 40,
    pixelSpacing: [1.25, 1.25],
    sliceSpacing: 2,
    origin: [-50, -40, -60],
    hu: (i, j, k) => Math.round(150 + 60 * Math.sin(i / 3) * Math.cos(j / 4) + k),
  });
  const series = ctSeries(ct);
  const bodies = labelmapOf(series, [{ label: 1, inside: ball(series, [40, 32, 20], 14) }]);
  const ctFolder = join(folder, 'ct');
  mkdirSync(ctFolder, { recursive: true });
  ct.forEach((instance, n) => writeFileSync(join(ctFolder, `${n}.dcm`), new Uint8Array(encodeDataset(instance))));
  const vertebrae = [{ label: 1, level: 'L1' }];
  const seg = bodySeg({ ...CONTEXT, series, bodies, vertebrae, encoding: 'LABELMAP' });
  writeFileSync(join(folder, 'bodies.dcm'), new Uint8Array(encodeDataset(seg)));
  const labelmap = labelmapOf(series, [{ label: 1, inside: ball(series, [40, 32, 20], 6) }]);
  const segments = [lesion(1, { level: 'L1', kind: 'blastic' })];
  const state = savedState({ provenance: CONTEXT, coverage: [], review: emptyReview, measured: {} });
  const saved = lesionSeg({ ...CONTEXT, series, labelmap, segments, state, encoding: 'LABELMAP' });
  writeFileSync(join(folder, 'lesions.dcm'), new Uint8Array(encodeDataset(saved)));
  return ctFolder;
}
