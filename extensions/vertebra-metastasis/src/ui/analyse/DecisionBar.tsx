import type { ReactElement } from 'react';
import { REJECT_REASONS } from '../../core/review';
import type { CandidateRow } from '../state/candidates';
import { Hint } from '../controls/Hint';
import { Picker } from '../controls/Picker';
import type { PanelActions } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  /** The selected candidates, else the one in focus; none: nothing can be decided. */
  rows: readonly CandidateRow[];
  actions: Pick<PanelActions, 'accept' | 'reject' | 'resetDecision' | 'setKind' | 'merge' | 'split'>;
}

/** What a person can say about candidates. Always there, so that nothing moves when one is chosen. */
export function DecisionBar({ rows, actions }: Props) {
  const { review: texts, kind: kinds } = useStrings();
  const keys = rows.map(({ key }) => key);
  const none = rows.length === 0;
  const other = rows[0]?.kind === 'lytic' ? 'blastic' : 'lytic';
  const rejected = rows.find(({ decision }) => decision.verdict === 'rejected')?.decision.reason;
  const grouped = rows.length === 1 && rows[0].decision.group !== undefined;
  const reasons = REJECT_REASONS.map(id => ({ id, label: texts.reasons[id] }));
  return (
    <div
      className="flex flex-wrap items-center gap-1"
      role="group"
      aria-label={texts.decideLabel}
      data-cy={none ? 'decision-none' : 'decision-bar'}
      data-count={rows.length}
    >
      <Action
        text={texts.accept}
        help={texts.acceptHelp}
        dataCy="accept"
        disabled={none}
        onClick={() => actions.accept(keys)}
      />
      <div className="flex-1" style={{ minWidth: '4.75rem' }} title={texts.rejectHelp}>
        <Picker
          label={texts.reject}
          choices={reasons}
          selected={rejected ?? ''}
          disabled={none}
          onSelect={id => {
            const reason = REJECT_REASONS.find(one => one === id);
            if (reason) actions.reject(keys, reason);
          }}
          dataCy="reject"
        />
      </div>
      <Action
        text={texts.kindAction(kinds[other])}
        help={texts.kindHelp}
        dataCy="change-kind"
        disabled={none}
        onClick={() => actions.setKind(keys, other)}
      />
      {grouped ? (
        <Action text={texts.split} help={texts.splitHelp} dataCy="split" onClick={() => actions.split(keys[0])} />
      ) : (
        <Action
          text={texts.merge(rows.length)}
          help={texts.mergeHelp}
          dataCy="merge"
          disabled={rows.length < 2}
          onClick={() => actions.merge(keys)}
        />
      )}
      <Action
        text="↺"
        name={texts.resetDecision}
        help={texts.resetDecisionHelp}
        dataCy="reset-decision"
        disabled={!rows.some(({ decision }) => decision.verdict)}
        onClick={() => actions.resetDecision(keys)}
      />
    </div>
  );
}

interface ActionProps {
  text: string;
  /** Read aloud instead of a sign. */
  name?: string;
  help: string;
  dataCy: string;
  disabled?: boolean;
  onClick(): void;
}

function Action({ text, name, help, dataCy, disabled, onClick }: ActionProps): ReactElement {
  return (
    <Hint text={help}>
      <button
        type="button"
        data-cy={dataCy}
        aria-label={name}
        disabled={disabled}
        className="border-input text-foreground hover:bg-primary/25 h-7 whitespace-nowrap rounded border px-1.5 text-xs disabled:opacity-50"
        onClick={onClick}
      >
        {text}
      </button>
    </Hint>
  );
}
