import { REJECT_REASONS } from '../../core/review';
import { Action } from '../controls/Action';
import { Picker } from '../controls/Picker';
import type { LesionRow, PanelActions } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  /** The selected lesions, else the one in focus; none: nothing can be decided. */
  rows: readonly LesionRow[];
  actions: PanelActions;
}

/** A letter was the reason for one lesion: the next letter must not reject the next one. */
function leaveReasons(): void {
  const { activeElement } = document;
  if (activeElement?.getAttribute('role') !== 'combobox') return;
  activeElement.closest<HTMLElement>('[role="tabpanel"]')?.focus({ preventScroll: true });
}

/** What a person can say about lesions. Always there, so that nothing moves when one is chosen. */
export function LesionDecisions({ rows, actions }: Props) {
  const strings = useStrings();
  const { review: texts, lesionList, kind: kinds } = strings;
  const ids = rows.map(({ id }) => id);
  const none = rows.length === 0;
  const found = rows.filter(({ slices }) => slices.length > 0);
  const other = rows[0]?.kind === 'lytic' ? 'blastic' : 'lytic';
  const rejected = rows.find(({ verdict }) => verdict === 'rejected')?.reason;
  const reasons = REJECT_REASONS.map(id => ({ id, label: texts.reasons[id] }));
  const oneVertebra = new Set(found.map(({ vertebraLabel }) => vertebraLabel)).size === 1;
  return (
    <div
      className="flex flex-wrap items-center gap-1"
      role="group"
      aria-label={lesionList.decideLabel}
      data-cy={none ? 'decision-none' : 'decision-bar'}
      data-count={rows.length}
    >
      <Action
        text={texts.accept}
        help={lesionList.acceptHelp}
        dataCy="accept"
        disabled={none}
        onClick={actions.acceptAndGo}
      />
      <div className="flex-1" style={{ minWidth: '4.75rem' }} title={lesionList.rejectHelp}>
        <Picker
          label={texts.reject}
          choices={reasons}
          selected={rejected ?? ''}
          disabled={none}
          onSelect={id => {
            const reason = REJECT_REASONS.find(one => one === id);
            if (!reason) return;
            actions.rejectAndGo(reason);
            leaveReasons();
          }}
          dataCy="reject"
        />
      </div>
      <Action
        text={texts.kindAction(kinds[other])}
        help={lesionList.kindHelp}
        dataCy="change-kind"
        disabled={found.length === 0}
        onClick={() => actions.setKind(ids, other)}
      />
      <Action
        text={texts.merge(rows.length)}
        help={lesionList.mergeHelp}
        dataCy="merge"
        disabled={found.length < 2 || !oneVertebra}
        onClick={() => actions.merge(ids)}
      />
      <Action
        text="↺"
        name={texts.resetDecision}
        help={lesionList.resetHelp}
        dataCy="reset-decision"
        disabled={!rows.some(({ verdict }) => verdict)}
        onClick={() => actions.resetDecision(ids)}
      />
    </div>
  );
}
