import type { ReactElement } from 'react';
import { type CandidateKey, REJECT_REASONS } from '../core/review';
import type { CandidateRow } from './candidates';
import { Picker } from './Picker';
import type { PanelActions } from './state';
import { useStrings } from './strings';

interface Props {
  row: CandidateRow;
  ticked: readonly CandidateKey[];
  onTick(key: CandidateKey): void;
  actions: Pick<PanelActions, 'accept' | 'reject' | 'undecide' | 'setKind' | 'merge' | 'split'>;
}

/** What a person can say about one candidate. */
export function DecisionBar({ row: { key, kind, decision }, ticked, onTick, actions }: Props) {
  const { review: texts, kind: kinds } = useStrings();
  const other = kind === 'lytic' ? 'blastic' : 'lytic';
  const others = ticked.filter(one => one !== key);
  const reasons = REJECT_REASONS.map(id => ({ id, label: texts.reasons[id] }));
  return (
    <div className="space-y-1.5" data-cy="decision-bar">
      <div className="flex items-center gap-2">
        <span title={texts.acceptHelp}>
          <Action text={texts.accept} dataCy="accept" onClick={() => actions.accept([key])} />
        </span>
        <div className="min-w-0 flex-1">
          <Picker
            label={texts.reject}
            choices={reasons}
            selected={decision.verdict === 'rejected' ? decision.reason : ''}
            onSelect={id => {
              const reason = REJECT_REASONS.find(one => one === id);
              if (reason) actions.reject([key], reason);
            }}
            dataCy="reject"
          />
        </div>
        {decision.verdict && <Action text={texts.undecide} dataCy="undecide" onClick={() => actions.undecide([key])} />}
      </div>
      <div className="flex items-center gap-2">
        <Action
          text={texts.kindAction(kinds[other])}
          dataCy="change-kind"
          onClick={() => actions.setKind([key], other)}
        />
        {decision.group ? (
          <Action text={texts.split} dataCy="split" onClick={() => actions.split(key)} />
        ) : (
          <>
            <label className="text-foreground flex items-center gap-1 text-xs">
              <input type="checkbox" checked={ticked.includes(key)} onChange={() => onTick(key)} />
              {texts.tick}
            </label>
            {others.length > 0 && (
              <span title={texts.mergeHelp}>
                <Action text={texts.merge} dataCy="merge" onClick={() => actions.merge([key, ...others])} />
              </span>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Action({ text, dataCy, onClick }: { text: string; dataCy: string; onClick(): void }): ReactElement {
  return (
    <button
      type="button"
      data-cy={dataCy}
      className="border-input text-foreground hover:bg-primary/25 h-7 rounded border px-2 text-xs"
      onClick={onClick}
    >
      {text}
    </button>
  );
}
