import { Hint } from '../controls/Hint';
import { EraseIcon } from '../controls/icons';
import type { FindActions } from '../state/findState';
import { useStrings } from '../strings';

interface Props {
  /** Of the mask. */
  label: number;
  level: string;
  busy: boolean;
  erase: FindActions['erase'];
}

/** Erases the mask of a vertebra segmented in this session. */
export function EraseMask({ label, level, busy, erase }: Props) {
  const { find: strings } = useStrings();
  return (
    <Hint text={strings.erase(level)}>
      <button
        type="button"
        data-cy="erase-mask"
        aria-label={strings.erase(level)}
        className="text-primary hover:bg-primary/25 inline-flex h-6 w-6 items-center justify-center rounded disabled:opacity-50"
        disabled={busy}
        onClick={() => erase(label)}
      >
        <EraseIcon />
      </button>
    </Hint>
  );
}
