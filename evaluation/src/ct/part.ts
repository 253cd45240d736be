/** One part of the evaluation on whole CTs, as it is printed and written. */
import type { RegionOutcome } from './regions';
import { table } from '../tables';

export interface Part {
  readonly markdown: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** PNG files by name. */
  readonly sheets: Readonly<Record<string, Buffer>>;
}

export const millilitres = (value: number) => value.toFixed(3);
export const share = (value: number) => value.toFixed(3);
/** P(malignant): small values matter less than that they are small. */
export const probability = (value: number) => value.toFixed(3);

/** Every kept region with what it is. */
export function regionTable(regions: readonly RegionOutcome[]): string {
  if (regions.length === 0) return 'No region is kept.';
  return table(
    ['Level', 'Kind', 'ml', 'Score', 'Share in true lesion of its kind', 'False'],
    regions.map(({ level, kind, millilitres: ml, score, trueShare, isFalse }) => [
      ...[level, kind, millilitres(ml), share(score), share(trueShare), isFalse ? 'yes' : ''],
    ])
  );
}
