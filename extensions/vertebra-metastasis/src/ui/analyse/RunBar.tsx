import { Button } from '@ohif/ui-next';
import { workDone } from '../../core';
import { count, duration } from '../controls/format';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import { ProgressBar } from '../controls/ProgressBar';
import { ExpectedTime, takesLong } from './ExpectedTime';
import { canAnalyse, includedVertebrae, type PanelActions, type PanelState, type Run } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'analyse' | 'cancel' | 'pause' | 'setSettings'>;
}

/** Start, progress and outcome of an analysis. */
export function RunBar({ state, actions }: Props) {
  const strings = useStrings();
  const { run } = state;
  if (run.status === 'running') return <RunningBar run={run} actions={actions} />;
  const included = includedVertebrae(state);
  return (
    <div className="min-w-0 flex-1 space-y-1" data-cy="run-bar" data-status={run.status}>
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
      {/* Where results are read it would take their room. */}
      {state.tab === 'analyse' && (run.status === 'idle' || takesLong(state)) && (
        <ExpectedTime state={state} actions={actions} />
      )}
      {run.status === 'error' && <ProblemNote problem={run.problem} />}
      <div role="status">
        {run.status === 'cancelled' && <Muted>{strings.cancelled}</Muted>}
        {run.status === 'done' && <Muted>{strings.done(run.vertebrae, duration(run.seconds, strings))}</Muted>}
      </div>
    </div>
  );
}

type Running = Extract<Run, { status: 'running' }>;

function RunningBar({ run, actions }: { run: Running; actions: Props['actions'] }) {
  const strings = useStrings();
  const paused = run.paused ?? false;
  return (
    <div className="space-y-1" data-cy="run-bar" data-status="running" data-paused={paused}>
      <ProgressBar value={fraction(run)} label={paused ? strings.paused : strings.working} />
      <ProgressText run={run} />
      <div className="flex gap-2">
        <Hint text={paused ? strings.resumeHelp : strings.pauseHelp}>
          <Button
            className="flex-1"
            variant="secondary"
            dataCY="pause"
            aria-pressed={paused}
            onClick={() => actions.pause(!paused)}
          >
            {paused ? strings.resume : strings.pause}
          </Button>
        </Hint>
        <Hint text={strings.cancelHelp}>
          <Button className="flex-1" variant="secondary" dataCY="cancel" onClick={actions.cancel}>
            {strings.cancel}
          </Button>
        </Hint>
      </div>
    </div>
  );
}

function fraction({ progress, reading }: Running): number | undefined {
  if (progress) return workDone(progress);
  return reading && reading.done / reading.total;
}

/** Two lines from the first moment on, so that nothing moves when more becomes known. */
function ProgressText({ run: { progress, reading, paused } }: { run: Running }) {
  const strings = useStrings();
  if (!progress) {
    const text = reading ? strings.ctReading(reading.done, reading.total) : strings.starting;
    return (
      <div data-cy="progress">
        <Muted>{text}</Muted>
        <Muted>{paused ? strings.paused : '\u00a0'}</Muted>
      </div>
    );
  }
  const { level, slice, lastSlice, sliceCount, vertebra, vertebraCount } = progress;
  const { evaluationsDone, evaluationsPlanned, secondsLeft } = progress;
  const slices = lastSlice > slice ? `${slice}–${lastSlice}` : `${slice}`;
  const left = secondsLeft === undefined ? '' : ` · ${strings.timeLeft(duration(secondsLeft, strings))}`;
  // Before all are screened nobody knows how many slices are to be searched.
  if (evaluationsDone === 0 && progress.slicesScreened < progress.slicesPlanned) {
    return (
      <div data-cy="progress" data-screened={progress.slicesScreened} data-seconds={secondsLeft}>
        <Muted>{strings.screeningAt(level, progress.slicesScreened, progress.slicesPlanned)}</Muted>
        <Muted>{paused ? strings.paused : '\u00a0'}</Muted>
      </div>
    );
  }
  return (
    <div data-cy="progress" data-done={evaluationsDone} data-planned={evaluationsPlanned} data-seconds={secondsLeft}>
      <Muted>{strings.runningAt(level, slices, sliceCount, vertebra, vertebraCount)}</Muted>
      <Muted>
        {strings.evaluations(count(evaluationsDone), count(evaluationsPlanned))}
        {paused ? ` · ${strings.paused}` : left}
      </Muted>
    </div>
  );
}
