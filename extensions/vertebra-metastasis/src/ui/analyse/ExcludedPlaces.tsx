import { Muted } from '../controls/Notes';
import type { TabProps, VertebraEntry } from '../state/state';
import { useStrings } from '../strings';

/** What a search did not find, and where: a click on it shows the place. */
export function ExcludedPlaces({ state: { find, vertebrae }, actions }: TabProps) {
  const { find: strings } = useStrings();
  if (find.excluded.length === 0 || vertebrae.reading.status !== 'ready') return null;
  const rows = vertebrae.reading.value;
  return (
    <div data-cy="excluded">
      <Muted>{strings.excluded}</Muted>
      <ul>
        {find.excluded.map(({ centreLps, code }) => (
          <li key={centreLps.join()}>
            <button
              type="button"
              data-code={code}
              className="text-foreground hover:bg-primary/25 w-full rounded px-1 text-left text-sm"
              onClick={() => actions.goToPoint(centreLps)}
            >
              {strings.excludedPlace(place(centreLps[2], rows, strings), strings.why[code])}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Between which vertebrae a height lies. */
function place(z: number, rows: readonly VertebraEntry[], strings: ReturnType<typeof useStrings>['find']): string {
  const upper = rows.filter(({ centreLps }) => centreLps[2] > z).at(-1);
  const lower = rows.find(({ centreLps }) => centreLps[2] <= z);
  if (upper && lower) return strings.between(upper.level, lower.level);
  return upper ? strings.below(upper.level) : strings.above(lower?.level ?? '');
}
