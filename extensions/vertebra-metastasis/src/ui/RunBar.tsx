import { Button } from '@ohif/ui-next';
import { count, duration } from './format';
import { Hint } from './Hint';
import { Muted, ProblemNote } from './Notes';
import { ProgressBar } from './ProgressBar';
import { canAnalyse, includedVertebrae, type PanelActions, type PanelState, type Run } from './state';
import { useStrings } from './strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'analyse' | 'cancel'>;
}

/** Start, progress and outcome of an analysis. */
export function RunBar({ state, actions }: Props) {
  const strings = useStrings();
  const { run } = state;
  const included = includedVertebrae(state);
  if (run.status === 'running') {
    return (
      <div className="space-y-1" data-cy="run-bar" data-status="running">
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1 space-y-1">
            <ProgressBar value={fraction(run)} label={strings.working} />
          </div>
          <Hint text={strings.cancelHelp}>
            <Button variant="secondary" dataCY="cancel" onClick={actions.cancel}>
              {strings.cancel}
            </Button>
          </Hint>
        </div>
        <ProgressText run={run} />
      </div>
    );
  }
  return (
    <div className="space-y-1" data-cy="run-bar" data-status={run.status}>
      <Hint text={strings.analyseHelp}>
        <Button
          className="w-full"
          dataCY="analyse-all"
          // The host's own colours of this button have too little contrast.
          style={{ color: 'white', background: 'rgb(29 78 216)' }}
          disabled={!canAnalyse(state) || included.length === 0}
          onClick={() => actions.analyse(included.map(v => v.label))}
        >
          {strings.analyse(included.length)}
        </Button>
      </Hint>
      {run.status === 'error' && <ProblemNote problem={run.problem} />}
      {run.status === 'cancelled' && <Muted>{strings.cancelled}</Muted>}
      {run.status === 'done' && <Muted>{strings.done(run.vertebrae, duration(run.seconds, strings))}</Muted>}
    </div>
  );
}

type Running = Extract<Run, { status: 'running' }>;

function fraction({ progress, reading }: Running): number | undefined {
  if (progress) return progress.evaluationsDone / progress.evaluationsPlanned;
  return reading && reading.done / reading.total;
}

function ProgressText({ run: { progress, reading } }: { run: Running }) {
  const strings = useStrings();
  if (!progress && reading) return <Muted data-cy="progress">{strings.ctReading(reading.done, reading.total)}</Muted>;
  if (!progress) return <Muted data-cy="progress">{strings.starting}</Muted>;
  const { level, slice, sliceCount, vertebra, vertebraCount, evaluationsDone, evaluationsPlanned, secondsLeft } =
    progress;
  return (
    <div data-cy="progress" data-done={evaluationsDone} data-planned={evaluationsPlanned}>
      <Muted>{strings.runningAt(level, slice, sliceCount, vertebra, vertebraCount)}</Muted>
      <Muted>
        {strings.evaluations(count(evaluationsDone), count(evaluationsPlanned))}
        {secondsLeft !== undefined && ` · ${strings.timeLeft(duration(secondsLeft, strings))}`}
      </Muted>
    </div>
  );
}
