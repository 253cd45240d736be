import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../testing/study';
import { analyseStudy, measureLabels } from '../study';
import { labelExtents } from '../geometry';
import { composeLesions } from './compose';
import { addStroke, withFindings } from './decide';
import { findingsOf } from './findings';
import { projectVertebra } from './projection';
import { emptyReview, PUBLISHED_RULES } from './state';

test('volumes are those the files are measured with, by the real positions of the slices', async () => {
  const input = spine();
  const { volume, bodies } = input;
  const engine = scriptedEngine([candidate(0, 'blastic', square(4), 0.7)]);
  const options = { slices: 'all', method: METHOD, screenBelow: 0 } as const;
  const { analyses } = await analyseStudy(engine, input, [{ label: LABELS.T12, level: 'T12' }], options);
  const findings = findingsOf(analyses[0], PUBLISHED_RULES);
  const drawn = addStroke(withFindings(emptyReview, findings, bodies.labels), {
    offsets: Uint32Array.of(11, 12, 13),
    values: Uint8Array.of(1, 1, 1),
    touched: [],
    lesions: [{ level: 'L2', kind: 'lytic' }],
  });
  // Rounded to 0.1 mm, as some scanners write them.
  const slicePositionsMm = Float64Array.from({ length: volume.dims[2] }, (_, k) => 2 * k + (k % 3) / 10);
  const extent = labelExtents(bodies).get(LABELS.T12)!;
  const grid = { dims: volume.dims, indexToLps: volume.indexToLps, slicePositionsMm };
  const { labelmap, segments } = composeLesions(grid, drawn, one => projectVertebra(bodies, extent, one));
  const measured = measureLabels(volume, labelmap, slicePositionsMm);
  expect(segments.map(({ level }) => level)).toEqual(['T12', 'L2']);
  for (const { index, voxels, millilitres } of segments) {
    expect(voxels).toBe(measured.get(index)!.voxels);
    expect(millilitres).toBeCloseTo(measured.get(index)!.millilitres, 9);
  }
  const even = composeLesions({ ...grid, slicePositionsMm: undefined }, drawn, () => undefined);
  expect(even.segments[0].millilitres).not.toBeCloseTo(segments[1].millilitres, 5);
});
