import { type Burden, burdenRows } from '../../core/burden';
import { csvText } from '../controls/csv';

/**
 * The burden as CSV.
 * @param notes what was not assessed and where the numbers come from, in words; stands on every row, so that a row copied
 *   elsewhere keeps it
 */
export function burdenCsv(burden: Burden, notes: string): string {
  return csvText(burdenRows(burden).map((row, n) => [...row, n === 0 ? 'notes' : notes]));
}
