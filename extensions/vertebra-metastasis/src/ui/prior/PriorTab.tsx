import { Button } from '@ohif/ui-next';
import type { Change } from '../../core/prior';
import { Unfinished } from '../burden/BurdenPending';
import { EmptyTab } from '../controls/EmptyTab';
import type { PriorComparison } from '../state/findings';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import { ChangeList } from './ChangeList';
import { Totals } from './Totals';
import { ProgressBar } from '../controls/ProgressBar';
import { Section } from '../controls/Section';
import type { PanelActions, TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Order in the summary: what matters first. */
const CHANGES: readonly Change[] = [
  'new',
  'marked-now',
  'increased',
  'decreased',
  'resolved',
  'marked-before',
  'stable',
  'not-comparable',
];

/** Comparison with an earlier study of the patient. */
export function PriorTab({ state: { prior, run }, actions }: TabProps) {
  const strings = useStrings();
  const { search, choices, selected, comparison } = prior;
  if (search.status === 'idle') return <EmptyTab text={strings.prior.noCt} />;
  if (search.status === 'loading') return <Busy label={strings.prior.searching} />;
  if (search.status === 'error') {
    return (
      <Section title={strings.prior.title}>
        <ProblemNote problem={search.problem} />
        <SearchAgain onClick={actions.searchPriors} />
      </Section>
    );
  }
  if (choices.length === 0) {
    return (
      <Section title={strings.prior.title}>
        <p role="status" data-cy="prior-none" className="text-foreground text-sm">
          {strings.prior.none}
        </p>
        <SearchAgain onClick={actions.searchPriors} />
      </Section>
    );
  }
  return (
    <>
      <Section title={strings.prior.title}>
        <Picker
          label={strings.prior.study}
          dataCy="prior-study"
          choices={choices}
          selected={selected}
          onSelect={actions.selectPrior}
        />
        <ShowBoth shown={prior.shown} disabled={comparison.status !== 'ready'} onShow={actions.showPrior} />
        {prior.viewProblem && <ProblemNote problem={prior.viewProblem} />}
      </Section>
      <Unfinished run={run} />
      {comparison.status === 'loading' && <Comparing {...comparison} />}
      {comparison.status === 'error' && (
        <Section title={strings.prior.title}>
          <ProblemNote problem={comparison.problem} />
          <Button
            variant="secondary"
            size="sm"
            dataCY="prior-compare-again"
            onClick={() => selected && actions.selectPrior(selected)}
          >
            {strings.prior.compareAgain}
          </Button>
        </Section>
      )}
      {comparison.status === 'idle' && <EmptyTab text={strings.tabEmpty.prior} />}
      {comparison.status === 'ready' && <Result value={comparison.value} actions={actions} />}
    </>
  );
}

function Result({
  value,
  actions,
}: {
  value: PriorComparison;
  actions: Pick<PanelActions, 'goToChange' | 'keepIdentities'>;
}) {
  const { prior: strings } = useStrings();
  const { changes, unaligned } = value.comparison;
  const counts = CHANGES.flatMap(change => {
    const count = changes.filter(one => one.change === change).length;
    return count > 0 ? [`${count} ${strings.change[change]}`] : [];
  });
  return (
    <Section title={strings.between(value.priorDate, value.currentDate)}>
      <p className="text-foreground text-sm" data-cy="prior-summary">
        {counts.length > 0 ? counts.join(', ') : strings.nothing}
      </p>
      <ChangeList changes={changes} onShow={actions.goToChange} />
      <div className="border-input border-t pt-1">
        <h4 className="text-muted-foreground px-1 text-sm">{strings.totals}</h4>
        <Totals changes={changes} />
      </div>
      {changes.some(({ matchedBy }) => matchedBy && matchedBy !== 'tracking') && (
        <Hint text={strings.keepIdentitiesHelp}>
          <Button variant="ghost" size="sm" dataCY="prior-keep" onClick={actions.keepIdentities}>
            {strings.keepIdentities}
          </Button>
        </Hint>
      )}
      <p role="note" data-cy="prior-caution" className="text-foreground text-sm">
        {strings.caution}
      </p>
      <Muted>{strings.sameNames}</Muted>
      <Muted>{strings.stableMeans}</Muted>
      {!value.sameMethod && <Muted data-cy="prior-method">{strings.otherMethod}</Muted>}
      {unaligned.length > 0 && <Muted>{strings.unaligned(unaligned.join(', '), value.hasMasks)}</Muted>}
    </Section>
  );
}

function ShowBoth(props: { shown: boolean; disabled: boolean; onShow(shown: boolean): void }) {
  const { prior: strings } = useStrings();
  const { shown, disabled, onShow } = props;
  return (
    <Hint text={strings.showBothHelp}>
      <Button
        variant="secondary"
        size="sm"
        className="w-full"
        dataCY="prior-show"
        aria-pressed={shown}
        disabled={disabled}
        onClick={() => onShow(!shown)}
      >
        {shown ? strings.showCurrent : strings.showBoth}
      </Button>
    </Hint>
  );
}

function SearchAgain({ onClick }: { onClick(): void }) {
  return (
    <Button variant="secondary" size="sm" dataCY="prior-search" onClick={onClick}>
      {useStrings().prior.searchAgain}
    </Button>
  );
}

function Comparing({ done, total }: { done?: number; total?: number }) {
  const { prior: strings } = useStrings();
  if (done === undefined || !total) return <Busy label={strings.reading} />;
  return <Busy label={strings.aligning(done, total)} value={done / total} />;
}

function Busy({ label, value }: { label: string; value?: number }) {
  return (
    <Section title={useStrings().prior.title}>
      <p role="status" data-cy="prior-busy" className="text-foreground text-sm">
        {label}
      </p>
      <ProgressBar label={label} value={value} />
    </Section>
  );
}
