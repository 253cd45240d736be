import { Button } from '@ohif/ui-next';
import { EmptyTab } from '../controls/EmptyTab';
import type { BurdenResult } from '../state/findings';
import { Muted, ProblemNote } from '../controls/Notes';
import { ProgressBar } from '../controls/ProgressBar';
import { Section } from '../controls/Section';
import type { Loadable, PanelActions, Run } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  burden: Exclude<Loadable<BurdenResult>, { status: 'ready' }>;
  actions: Pick<PanelActions, 'measureBurden'>;
  title: string;
  /** Why there is nothing yet and what to do. */
  empty: string;
}

/** A tab that shows the burden, while it is not there: nothing yet, being measured, or failed with a way on. */
export function BurdenPending({ burden, actions, title, empty }: Props) {
  const strings = useStrings();
  if (burden.status === 'idle') return <EmptyTab text={empty} />;
  if (burden.status === 'error') {
    return (
      <Section title={title}>
        <ProblemNote problem={burden.problem} />
        <Button variant="secondary" size="sm" dataCY="measure-again" onClick={actions.measureBurden}>
          {strings.burden.measureAgain}
        </Button>
      </Section>
    );
  }
  const { done = 0, total = 0 } = burden;
  const label = strings.ctReading(done, total);
  return (
    <Section title={title}>
      <p role="status" data-cy="measuring" className="text-foreground text-sm">
        {label}
      </p>
      <ProgressBar value={total > 0 ? done / total : undefined} label={label} />
    </Section>
  );
}

/** Numbers taken while the analysis runs are not the last word. */
export function Unfinished({ run }: { run: Run }) {
  const { burden: strings } = useStrings();
  if (run.status !== 'running') return null;
  return (
    <div role="status" data-cy="unfinished" className="px-3 py-2">
      <Muted>{strings.unfinished}</Muted>
    </div>
  );
}
