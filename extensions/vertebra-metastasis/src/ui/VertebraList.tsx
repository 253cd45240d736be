import { Hint } from './Hint';
import { Muted } from './Notes';
import { RulesBar } from './RulesBar';
import { canAnalyse, type PanelActions, type PanelState } from './state';
import { useStrings } from './strings';
import { VertebraRow } from './VertebraRow';

interface Props {
  state: PanelState;
  actions: PanelActions;
}

/** All vertebrae of the chosen SEG, from head to pelvis. */
export function VertebraList({ state, actions }: Props) {
  const strings = useStrings();
  const { reading } = state.vertebrae;
  if (reading.status !== 'ready' || reading.value.length === 0) return null;
  const busy = state.run.status === 'running';
  const atWork = state.run.status === 'running' ? state.run.progress?.label : undefined;
  const includeAll = (included: boolean) =>
    reading.value.forEach(v => !v.problem && actions.include(v.label, included));
  return (
    <section aria-label={strings.vertebrae} className="py-2">
      <div className="flex items-center justify-between gap-2 px-3">
        <h3 className="text-muted-foreground text-xs uppercase tracking-wide">{strings.vertebrae}</h3>
        <div className="text-primary flex gap-2 text-xs">
          <Hint text={strings.probabilityHelp}>
            <span tabIndex={0} className="text-muted-foreground">
              {strings.probability}
            </span>
          </Hint>
          <button type="button" disabled={busy} onClick={() => includeAll(true)} data-cy="include-all">
            {strings.selectAll}
          </button>
          <button type="button" disabled={busy} onClick={() => includeAll(false)} data-cy="include-none">
            {strings.selectNone}
          </button>
        </div>
      </div>
      <div className="px-3 pb-1">
        <Muted>{strings.vertebraeHint}</Muted>
      </div>
      <RulesBar review={state.review.present} setRules={actions.setRules} />
      <ul className="border-input border-t">
        {reading.value.map(vertebra => (
          <VertebraRow
            key={vertebra.label}
            vertebra={vertebra}
            review={state.review.present}
            busy={busy}
            canAnalyse={canAnalyse(state)}
            atWork={vertebra.label === atWork}
            actions={actions}
          />
        ))}
      </ul>
    </section>
  );
}
