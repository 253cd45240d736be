import { Hint } from './Hint';
import { EraseIcon } from './icons';
import type { FindActions } from './findState';
import type { VertebraEntry } from './state';
import { useStrings } from './strings';

/** Erases the mask of a vertebra segmented in this session; nothing for masks of a SEG. */
export function EraseMask({
  vertebra,
  busy,
  erase,
}: {
  vertebra: VertebraEntry;
  busy: boolean;
  erase: FindActions['erase'];
}) {
  const { find: strings } = useStrings();
  if (!vertebra.origin) return null;
  return (
    <Hint text={strings.erase(vertebra.level)}>
      <button
        type="button"
        data-cy="erase-mask"
        aria-label={strings.erase(vertebra.level)}
        className="text-primary hover:bg-primary/25 flex h-6 w-6 flex-shrink-0 items-center justify-center rounded disabled:opacity-50"
        disabled={busy}
        onClick={() => erase(vertebra.label)}
      >
        <EraseIcon />
      </button>
    </Hint>
  );
}

/** Says that the results are of an older mask. */
export function StaleNote({ vertebra }: { vertebra: VertebraEntry }) {
  const { find: strings } = useStrings();
  if (!vertebra.stale) return null;
  return (
    <Hint text={strings.staleHelp}>
      <span tabIndex={0} data-cy="stale" className="text-xs" style={{ color: 'rgb(234 179 8)' }}>
        {strings.stale}
      </span>
    </Hint>
  );
}
