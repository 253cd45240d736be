import { useMemo } from 'react';
import { LEVELS } from '../../core/vertebrae';
import { candidatePlaces, candidateRows } from '../state/candidates';
import { OtherRegions } from './OtherRegions';
import { SESSION_VERTEBRAE_ID } from '../state/findState';
import { Hint } from '../controls/Hint';
import { EraseIcon } from '../controls/icons';
import { CorrectLevels } from './CorrectLevels';
import { MetastasisQuestion } from './MetastasisQuestion';
import { Muted, ProblemNote } from '../controls/Notes';
import { PaintBar } from './PaintBar';
import { Picker } from '../controls/Picker';
import { openLesions } from '../state/lesions';
import type { TabProps, VertebraEntry } from '../state/state';
import { useStrings } from '../strings';
import { OutlineLegend } from './why/WhyLegend';
import { WhyView } from './why/WhyView';

const LEVEL_CHOICES = LEVELS.map(level => ({ id: level, label: level }));
/** A body that is only numbered shows its number until it is named. */
const levelChoices = (level: string) =>
  LEVELS.includes(level) ? LEVEL_CHOICES : [{ id: level, label: level }, ...LEVEL_CHOICES];
const NO_PLACES: ReturnType<typeof candidatePlaces> = new Map();

/** The selected vertebra: its name, what was searched, and the regions that do not count. */
export function VertebraDetail({ state, actions }: TabProps) {
  const { vertebraList } = useStrings();
  const { reading } = state.vertebrae;
  if (reading.status !== 'ready' || reading.value.length === 0) return null;
  const vertebra = reading.value.find(({ label }) => label === state.focus.label);
  if (vertebra) return <Detail key={vertebra.label} vertebra={vertebra} state={state} actions={actions} />;
  const analysed = (state.vertebrae.analysed ?? []).length > 0 || state.review.present.findings.length > 0;
  return (
    <div className="border-input border-b px-3 py-2" data-cy="no-vertebra">
      <Muted>{analysed ? vertebraList.choose : vertebraList.chooseNone}</Muted>
    </div>
  );
}

function Detail({ vertebra, state, actions }: TabProps & { vertebra: VertebraEntry }) {
  const strings = useStrings();
  const { label, level, analysis, problem, failure } = vertebra;
  const { findings: all, decisions, rules } = state.review.present;
  const findings = all.find(one => one.label === label);
  const places = useMemo(() => (findings ? candidatePlaces(findings) : NO_PLACES), [findings]);
  const rows = useMemo(
    () => (findings ? candidateRows(findings, { decisions, rules }, places) : []),
    [findings, decisions, rules, places]
  );
  const trouble = problem ?? failure;
  const lesions = [...(state.lesions?.rows ?? []), ...(state.lesions?.rejected ?? [])];
  const own = lesions.filter(({ vertebraLabel }) => vertebraLabel === label);
  const parts = new Set(own.flatMap(({ slices }) => slices.flatMap(({ candidates }) => candidates)));
  const others = rows.filter(({ key }) => !parts.has(key));
  const focus = others.find(({ key }) => key === state.focus.key);
  const atWork = state.run.status === 'running' && state.run.progress?.label === label;
  const counts = state.vertebrae.analysed?.find(one => one.label === label);
  const note = counts && [strings.slicesAnalysed(counts.searchedSlices, counts.screenedSlices, counts.skippedSlices)];
  return (
    <section
      aria-label={strings.vertebraList.details(level)}
      className="border-input space-y-1.5 border-b px-3 py-1.5"
      data-cy="vertebra-detail"
      data-level={level}
    >
      <Head vertebra={vertebra} note={note} state={state} actions={actions} />
      {state.review.present.reviewed.includes(label) && (
        <MetastasisQuestion label={label} level={level} state={state} actions={actions} />
      )}
      {trouble && <ProblemNote problem={trouble} />}
      {!findings && !trouble && (
        <Muted>
          {atWork
            ? strings.vertebraList.statusHelp.running
            : counts
              ? strings.vertebraList.storedOnly
              : strings.vertebraList.notYet}
        </Muted>
      )}
      {findings && (
        <>
          {own.length === 0 && <Muted data-cy="no-candidates">{strings.lesionList.none(level)}</Muted>}
          <OtherRegions rows={others} level={level} focus={state.focus} actions={actions} />
          {(focus ?? own.length === 0) && (
            <WhyView
              analysis={analysis}
              searched={findings.slices.length}
              rows={rows}
              focus={focus}
              outlined={state.outlines}
            />
          )}
          <PaintBar state={state} actions={actions} />
          <OutlineLegend shown={state.outlines} onShow={actions.setOutlines} />
        </>
      )}
    </section>
  );
}

interface HeadProps extends TabProps {
  readonly vertebra: VertebraEntry;
  /** What was searched and found. */
  readonly note?: readonly string[];
}

/** The level and how to correct it, what was searched, and whether a person has finished with it. */
function Head({ vertebra: { label, level, sourceName }, note, state, actions }: HeadProps) {
  const strings = useStrings();
  const busy = state.run.status === 'running';
  const { findings, reviewed } = state.review.present;
  return (
    <div className="text-muted-foreground flex items-center gap-1.5 text-sm">
      <div className="w-16 flex-shrink-0">
        <Picker
          label={strings.levelOf(sourceName)}
          choices={levelChoices(level)}
          selected={level}
          onSelect={id => actions.relabel(label, id)}
          disabled={busy}
          dataCy="relabel"
        />
      </div>
      {/* Bodies found in this session are shifted where they are found. */}
      {state.vertebrae.selected !== SESSION_VERTEBRAE_ID && state.vertebrae.reading.status === 'ready' && (
        <CorrectLevels rows={state.vertebrae.reading.value} label={label} busy={busy} onShift={actions.shiftLevels} />
      )}
      <span
        className="min-w-0 flex-1 truncate"
        data-cy="candidate-count"
        title={[sourceName, ...(note ?? [])].join('. ')}
      >
        {note ? note.join(', ') : sourceName}
      </span>
      {findings.some(one => one.label === label) && (
        <Hint text={strings.review.reviewedHelp}>
          <label className="text-foreground flex h-6 items-center gap-1.5">
            <input
              type="checkbox"
              className="block h-4 w-4"
              data-cy="reviewed"
              style={{ accentColor: 'hsl(var(--primary))' }}
              checked={reviewed.includes(label)}
              onChange={event => actions.setReviewed(label, event.target.checked)}
            />
            {strings.vertebraList.status.reviewed}
          </label>
        </Hint>
      )}
      {reviewed.includes(label) && openLesions(state, label) > 0 && (
        <span role="status" className="text-foreground" data-cy="reviewed-with-open">
          {strings.lesionList.open(openLesions(state, label))}
        </span>
      )}
      <button
        type="button"
        data-cy="close-vertebra"
        aria-label={strings.vertebraList.close}
        title={strings.vertebraList.close}
        className="text-primary hover:bg-primary/25 inline-flex h-6 w-6 flex-shrink-0 items-center justify-center rounded"
        onClick={actions.closeVertebra}
      >
        <EraseIcon />
      </button>
    </div>
  );
}
