import { ctDatasets } from './ctDatasets';
import { demoPlan } from './timePoints';

test('positions off round numbers still fit into decimal strings of 16 characters', () => {
  const indexToLps = Float64Array.from([
    ...[0.8, 0, 0, -204.88829938613162],
    ...[0, 0.8, 0, -235.36892230254932],
    ...[0, 0, 1, -306.6279630454536],
    ...[0, 0, 0, 1],
  ]);
  const volume = { hu: new Int16Array(2 * 2 * 3), dims: [2, 2, 3] as const, indexToLps };
  const slices = ctDatasets({ volume }, demoPlan('baseline'));
  slices.forEach(({ ImagePositionPatient, SliceLocation }, k) => {
    const position = ImagePositionPatient as string[];
    for (const text of [...position, SliceLocation as string]) expect(text.length).toBeLessThanOrEqual(16);
    expect(Number(position[2])).toBeCloseTo(-306.6279630454536 + k, 9);
  });
});
