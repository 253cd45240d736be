import { millimetres } from '../controls/format';
import { SESSION_VERTEBRAE_ID } from '../state/findState';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import { ProgressBar } from '../controls/ProgressBar';
import { Setting } from '../controls/Setting';
import type { PanelActions, PanelState } from '../state/state';
import { type Strings, useStrings } from '../strings';

type Reason = keyof Strings['images']['reason'];

type Props = { state: PanelState; actions: Pick<PanelActions, 'selectCt' | 'selectVertebrae'> };

/** The CT series to analyse. */
export function CtSection({ state: { ct, run }, actions }: Props) {
  const strings = useStrings();
  const { reading } = ct;
  return (
    <>
      <Setting label={strings.ct} help={strings.ctSummaryHelp}>
        {ct.choices.length > 0 && (
          <Picker
            label={strings.ct}
            choices={ct.choices}
            selected={ct.selected}
            onSelect={actions.selectCt}
            disabled={run.status === 'running'}
            dataCy="ct-series"
          />
        )}
        {reading.status === 'loading' && (
          <>
            <ProgressBar value={fraction(reading)} label={strings.working} />
            <Muted data-cy="ct-waiting">{strings.images.waiting}</Muted>
          </>
        )}
        {reading.status === 'ready' && (
          <Muted data-cy="ct-summary" title={strings.ctSummaryHelp}>
            {strings.ctSummary(
              reading.value.slices,
              strings.number(inPlane(reading.value.spacingMm)),
              strings.number(millimetres(reading.value.spacingMm[2]))
            )}
          </Muted>
        )}
        {ct.passedOver.length > 0 && (
          <Hint
            text={ct.passedOver
              .map(({ object, reason }) => `${object}: ${strings.images.reason[reason as Reason] ?? reason}`)
              .join('; ')}
          >
            <span tabIndex={0} className="text-muted-foreground block text-sm" data-cy="passed-over">
              {strings.images.passedOver(ct.passedOver.length)}
            </span>
          </Hint>
        )}
      </Setting>
      {reading.status === 'error' && <ProblemNote problem={reading.problem} />}
    </>
  );
}

/** The DICOM SEG that says where the vertebrae are. */
export function VertebraSourceSection({ state: { vertebrae, ct, run, find }, actions }: Props) {
  const strings = useStrings();
  const { reading, choices, unused = [], doubts = [] } = vertebrae;
  return (
    <>
      <Setting label={strings.masks} help={strings.masksHelp}>
        {choices.length > 0 && (
          <Picker
            label={strings.vertebraeSource}
            choices={choices.map(one =>
              one.id === SESSION_VERTEBRAE_ID ? { ...one, label: strings.find.source(find.count) } : one
            )}
            selected={vertebrae.selected}
            onSelect={actions.selectVertebrae}
            disabled={run.status === 'running'}
            dataCy="vertebra-seg"
          />
        )}
        {choices.length === 0 && (ct.choices.length > 0 || ct.reading.status === 'error') && (
          <Muted data-cy="no-vertebra-seg">{strings.vertebraeNone}</Muted>
        )}
        {reading.status === 'loading' && (
          <>
            <ProgressBar label={strings.working} />
            <Muted>{strings.vertebraeReading}</Muted>
          </>
        )}
        {reading.status === 'ready' && unused.length > 0 && (
          <Hint text={unused.map(({ name, reason }) => `${name}: ${strings.unusedReason[reason]}`).join('; ')}>
            <span tabIndex={0} className="text-muted-foreground block text-sm" data-cy="unused-segments">
              {strings.unusedSegments(unused.length)}
            </span>
          </Hint>
        )}
      </Setting>
      {reading.status === 'error' && <ProblemNote problem={reading.problem} />}
      {reading.status === 'ready' && doubts.map((problem, n) => <ProblemNote key={n} problem={problem} />)}
    </>
  );
}

function fraction({ done, total }: { done?: number; total?: number }): number | undefined {
  return done !== undefined && total ? done / total : undefined;
}

function inPlane([alongRow, alongColumn]: readonly [number, number, number]): string {
  const [a, b] = [millimetres(alongRow), millimetres(alongColumn)];
  return a === b ? a : `${a} × ${b}`;
}
