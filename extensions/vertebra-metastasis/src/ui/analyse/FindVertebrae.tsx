import { Button } from '@ohif/ui-next';
import { FindProgress } from './FindProgress';
import { SESSION_VERTEBRAE_ID } from '../state/findState';
import { Hint } from '../controls/Hint';
import { CorrectLevels } from './CorrectLevels';
import { LevelQuestion } from './LevelQuestion';
import { ExcludedPlaces } from './ExcludedPlaces';
import { Muted, ProblemNote } from '../controls/Notes';
import { Section } from '../controls/Section';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Vertebrae without a given segmentation: one click, or none. */
export function FindVertebrae({ state, actions }: TabProps) {
  const { find: strings } = useStrings();
  const { find, vertebrae, ct, run } = state;
  if (ct.reading.status !== 'ready') return null;
  const busy = Boolean(find.work) || run.status === 'running';
  const ours = vertebrae.selected === SESSION_VERTEBRAE_ID;
  return (
    <Section title={strings.title} aside={ours && find.canUndo && <Undo busy={busy} onUndo={actions.find.undo} />}>
      {vertebrae.choices.length === 0 && find.count === 0 && <Muted data-cy="find-hint">{strings.none}</Muted>}
      <div className="flex gap-2">
        <Hint text={strings.clickHelp}>
          <Button
            className="flex-1"
            size="sm"
            variant={find.tool ? 'default' : 'secondary'}
            dataCY="click-vertebra"
            aria-pressed={find.tool}
            disabled={find.work?.kind === 'search' || run.status === 'running'}
            onClick={() => actions.find.setTool(!find.tool)}
          >
            {find.tool ? strings.stop : strings.click}
          </Button>
        </Hint>
        <Hint text={strings.searchHelp}>
          <Button
            className="flex-1"
            size="sm"
            variant="secondary"
            dataCY="find-vertebrae"
            disabled={busy}
            onClick={actions.find.search}
          >
            {strings.search}
          </Button>
        </Hint>
      </div>
      {find.tool && <ToolHints state={state} actions={actions} busy={busy} />}
      {find.work && <FindProgress work={find.work} onCancel={actions.find.cancel} />}
      {find.problem && <ProblemNote problem={find.problem} />}
      {ours && <LevelQuestion state={state} actions={actions} />}
      {ours && find.levelsKnown && vertebrae.reading.status === 'ready' && (
        <CorrectLevels
          rows={vertebrae.reading.value}
          label={state.focus.label}
          busy={busy}
          onShift={actions.find.shiftLevels}
        />
      )}
      {ours && <ExcludedPlaces state={state} actions={actions} />}
    </Section>
  );
}

function ToolHints({ state: { find }, actions, busy }: TabProps & { busy: boolean }) {
  const { find: strings } = useStrings();
  const { above, below } = find.next;
  return (
    <div className="space-y-1" role="status" data-cy="click-tool" data-busy={busy}>
      <Muted>{strings.clickHint}</Muted>
      {(above || below) && (
        <div className="flex gap-2">
          {above && (
            <Next
              dataCy="next-above"
              text={strings.nextAbove(above.level)}
              busy={busy}
              onNext={() => actions.find.acceptNext('above')}
            />
          )}
          {below && (
            <Next
              dataCy="next-below"
              text={strings.nextBelow(below.level)}
              busy={busy}
              onNext={() => actions.find.acceptNext('below')}
            />
          )}
        </div>
      )}
    </div>
  );
}

function Next({ dataCy, text, busy, onNext }: { dataCy: string; text: string; busy: boolean; onNext(): void }) {
  const { find: strings } = useStrings();
  return (
    <Hint text={strings.nextHelp}>
      <Button className="flex-1" size="sm" variant="secondary" dataCY={dataCy} disabled={busy} onClick={onNext}>
        {text}
      </Button>
    </Hint>
  );
}

function Undo({ busy, onUndo }: { busy: boolean; onUndo(): void }) {
  const { find: strings } = useStrings();
  return (
    <Hint text={strings.undoHelp}>
      <button type="button" data-cy="undo-find" className="text-primary text-sm" disabled={busy} onClick={onUndo}>
        {strings.undo}
      </button>
    </Hint>
  );
}
