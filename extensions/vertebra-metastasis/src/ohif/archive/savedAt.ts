import { type NaturalizedInstance, number, text } from '../../dicom';

/** When an object of ours was saved, as a text that sorts; two saves of one second are told apart by their series number. */
export function savedAt(instance: NaturalizedInstance): string {
  const series = String(number(instance, 'SeriesNumber') ?? 0).padStart(6, '0');
  return text(instance, 'SeriesDate') + text(instance, 'SeriesTime').slice(0, 6).padEnd(6, '0') + series;
}

/** The last one saved first. */
export function newestFirst(instances: readonly NaturalizedInstance[]): NaturalizedInstance[] {
  return [...instances].sort((a, b) => savedAt(b).localeCompare(savedAt(a)));
}
