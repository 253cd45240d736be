import type { NotAssessed } from '../../core/burden';
import { useStrings } from '../strings';
import { notAssessedText } from './notes';

/** What the numbers and files say nothing about. */
export function NotAssessedList({ items }: { items: readonly NotAssessed[] }) {
  const strings = useStrings();
  return (
    <ul className="text-foreground space-y-1 text-sm" data-cy="not-assessed">
      {items.map(item => (
        <li key={JSON.stringify(item)}>{notAssessedText(item, strings)}</li>
      ))}
    </ul>
  );
}
