/** The voxels of a BINARY SEG by their place in the patient, read without this project's own placing code. */
import { decodeFile, item, items, numbers, text } from '@spine/dicom';
import { readBytes } from './readers';

/** Segment label -> sorted positions, LPS in tenths of a millimetre. */
export function segVoxels(path: string): Record<string, readonly string[]> {
  const seg = decodeFile(readBytes(path));
  const [rows, columns] = [Number(seg.Rows), Number(seg.Columns)];
  const names = new Map(
    items(seg, 'SegmentSequence').map(one => [Number(one.SegmentNumber), text(one, 'SegmentLabel')])
  );
  const shared = item(seg, 'SharedFunctionalGroupsSequence');
  const orientation = numbers(item(shared, 'PlaneOrientationSequence'), 'ImageOrientationPatient');
  const [down, across] = numbers(item(shared, 'PixelMeasuresSequence'), 'PixelSpacing');
  const bits = new Uint8Array((Array.isArray(seg.PixelData) ? seg.PixelData[0] : seg.PixelData) as ArrayBuffer);
  const found: Record<string, string[]> = {};
  items(seg, 'PerFrameFunctionalGroupsSequence').forEach((group, frame) => {
    const start = numbers(item(group, 'PlanePositionSequence'), 'ImagePositionPatient');
    const segment = numbers(item(group, 'SegmentIdentificationSequence'), 'ReferencedSegmentNumber')[0];
    const list = (found[names.get(segment)!] ??= []);
    for (let n = 0; n < rows * columns; n++) {
      const bit = frame * rows * columns + n;
      if (!((bits[Math.floor(bit / 8)] >> bit % 8) & 1)) continue;
      const [x, y] = [(n % columns) * across, Math.floor(n / columns) * down];
      const place = start.map((value, axis) => value + x * orientation[axis] + y * orientation[3 + axis]);
      list.push(place.map(value => Math.round(10 * value)).join(' '));
    }
  });
  for (const list of Object.values(found)) list.sort();
  return found;
}
