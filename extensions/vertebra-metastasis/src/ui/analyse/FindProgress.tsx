import { Button } from '@ohif/ui-next';
import type { FindWork } from '../state/findState';
import { Muted } from '../controls/Notes';
import { ProgressBar } from '../controls/ProgressBar';
import { useStrings } from '../strings';

/** The three stages of a search, by the share of its time each takes. */
const STAGES = { reading: [0, 0.05], column: [0.05, 0.1], bodies: [0.15, 0.5], masks: [0.65, 0.35] } as const;

/** What a click or a search is doing, and the way to stop it. */
export function FindProgress({ work, onCancel }: { work: FindWork; onCancel(): void }) {
  const { find: strings } = useStrings();
  return (
    <div
      className="space-y-1"
      data-cy="find-progress"
      data-kind={work.kind}
      data-stage={work.kind === 'search' ? work.stage : undefined}
    >
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <ProgressBar value={fraction(work)} label={strings.title} />
        </div>
        <Button variant="secondary" size="sm" dataCY="cancel-find" onClick={onCancel}>
          {strings.cancel}
        </Button>
      </div>
      <Muted>{text(work, strings)}</Muted>
    </div>
  );
}

function fraction(work: FindWork): number | undefined {
  if (work.kind === 'click') return undefined;
  const [start, share] = STAGES[work.stage];
  return start + share * Math.min(1, work.total ? (work.done ?? 0) / work.total : 0);
}

function text(work: FindWork, strings: ReturnType<typeof useStrings>['find']): string {
  if (work.kind === 'click') return strings.clicking;
  return work.stage === 'reading' ? strings.reading : strings.stage[work.stage];
}
