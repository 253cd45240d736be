import { Button } from '@ohif/ui-next';
import type { ExportKind, ExportOffer, ExportOutcome } from '../state/exports';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import { ProgressBar } from '../controls/ProgressBar';
import type { PanelState, TabProps } from '../state/state';
import { useStrings } from '../strings';

/** One kind of file with its buttons and what became of the last try. */
export function ExportRow({ offer: { kind, destinations }, state, actions }: TabProps & { offer: ExportOffer }) {
  const strings = useStrings();
  const name = strings.exports.kinds[kind];
  const outcome = outcomeOf(state, kind);
  const disabled = isBusy(state);
  return (
    <div className="space-y-1" data-cy={`export-${kind}`} data-status={outcome?.status ?? 'idle'}>
      <Hint text={strings.exports.kindHelp[kind]}>
        <p className="text-foreground text-sm" tabIndex={0}>
          {name}
        </p>
      </Hint>
      <div className="flex gap-2">
        {destinations.map(destination => (
          <Hint
            key={destination}
            text={destination === 'archive' ? strings.exports.archiveHelp(name) : strings.exports.downloadHelp(name)}
          >
            <Button
              variant="secondary"
              size="sm"
              className="flex-1"
              dataCY={`export-${kind}-${destination}`}
              aria-label={`${name}: ${strings.exports[destination]}`}
              disabled={disabled}
              onClick={() => actions.exportFile(kind, destination)}
            >
              {strings.exports[destination]}
            </Button>
          </Hint>
        ))}
      </div>
      {outcome && (
        <Outcome
          outcome={outcome}
          onRetry={disabled ? undefined : () => actions.exportFile(kind, outcome.destination)}
        />
      )}
    </div>
  );
}

interface OutcomeProps {
  outcome: ExportOutcome;
  /** Absent while something else is written. */
  onRetry?(): void;
}

function Outcome({ outcome, onRetry }: OutcomeProps) {
  const strings = useStrings();
  if (outcome.status === 'working') {
    const { reading, destination } = outcome;
    const label = reading
      ? strings.ctReading(reading.done, reading.total)
      : destination === 'archive'
        ? strings.exports.storing
        : strings.exports.working;
    return (
      <>
        <ProgressBar value={reading && reading.done / reading.total} label={label} />
        <Muted>{label}</Muted>
      </>
    );
  }
  if (outcome.status === 'failed') {
    return (
      <ProblemNote problem={outcome.problem}>
        {onRetry && (
          <Button variant="ghost" size="sm" dataCY="export-again" onClick={onRetry}>
            {strings.exports.again}
          </Button>
        )}
      </ProblemNote>
    );
  }
  const { destination, name, outdated } = outcome;
  return (
    <Muted data-cy="export-done" data-outdated={String(outdated)}>
      {destination === 'archive' ? strings.exports.stored(name) : strings.exports.downloaded(name)}
      {outdated && ` ${strings.exports.outdated}`}
    </Muted>
  );
}

/** The segmentation's own saving, which the foot of the panel shows as well, counts for its row. */
function outcomeOf({ exports, lesions }: PanelState, kind: ExportKind): ExportOutcome | undefined {
  const outcome = exports.outcomes[kind];
  const saving = lesions?.saving;
  if (kind !== 'lesions' || outcome?.status === 'working' || !lesions || !saving) return outcome;
  const destination = 'archive';
  if (saving.status === 'saving') return { status: 'working', destination };
  if (saving.status === 'failed') return { status: 'failed', destination, problem: saving.problem };
  // What was read back when the study was opened is no outcome of an export.
  if (saving.status === 'saved' && lesions.origin === 'analysis' && outcome?.destination !== 'download') {
    return { status: 'done', destination, name: saving.seriesDescription, outdated: false };
  }
  return outcome;
}

function isBusy({ exports, lesions, run }: PanelState): boolean {
  const writing = Object.values(exports.outcomes).some(({ status }) => status === 'working');
  return writing || lesions?.saving.status === 'saving' || run.status === 'running';
}
