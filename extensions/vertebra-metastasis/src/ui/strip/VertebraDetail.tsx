import { useMemo } from 'react';
import { LEVELS } from '../../core/vertebrae';
import { candidatePlaces, candidateRows } from '../candidates';
import { CandidateTable } from '../CandidateTable';
import { FOUND_ID } from '../findState';
import { Hint } from '../Hint';
import { ShiftLevels } from '../LevelQuestion';
import { Muted, ProblemNote } from '../Notes';
import { PaintBar } from '../PaintBar';
import { Picker } from '../Picker';
import { Section } from '../Section';
import type { TabProps, VertebraEntry } from '../state';
import { useStrings } from '../strings';
import { OutlineLegend } from '../why/WhyLegend';
import { WhyView } from '../why/WhyView';

const LEVEL_CHOICES = LEVELS.map(level => ({ id: level, label: level }));
const NO_PLACES: ReturnType<typeof candidatePlaces> = new Map();

/** The vertebra looked at: its name, its candidates, and why they were found. */
export function VertebraDetail({ state, actions }: TabProps) {
  const { strip } = useStrings();
  const { reading } = state.vertebrae;
  if (reading.status !== 'ready' || reading.value.length === 0) return null;
  const vertebra = reading.value.find(({ label }) => label === state.focus.label);
  if (vertebra) return <Detail key={vertebra.label} vertebra={vertebra} state={state} actions={actions} />;
  const analysed = state.review.present.findings.length > 0;
  return (
    <div className="border-input border-b px-3 py-2" data-cy="no-vertebra">
      <Muted>{analysed ? strip.choose : strip.chooseNone}</Muted>
    </div>
  );
}

function Detail({ vertebra, state, actions }: TabProps & { vertebra: VertebraEntry }) {
  const strings = useStrings();
  const { label, level, analysis, problem, failure } = vertebra;
  const { findings: all, decisions, rules, reviewed } = state.review.present;
  const findings = all.find(one => one.label === label);
  const places = useMemo(() => (findings ? candidatePlaces(findings) : NO_PLACES), [findings]);
  const rows = useMemo(
    () => (findings ? candidateRows(findings, { decisions, rules }, places) : []),
    [findings, decisions, rules, places]
  );
  const trouble = problem ?? failure;
  const focus = rows.find(({ key }) => key === state.focus.key);
  return (
    <Section
      title={strings.strip.details(level)}
      aside={
        findings && (
          <Hint text={strings.review.reviewedHelp}>
            <label className="text-foreground flex items-center gap-1.5 text-xs">
              <input
                type="checkbox"
                data-cy="reviewed"
                style={{ accentColor: 'hsl(var(--primary))' }}
                checked={reviewed.includes(label)}
                onChange={event => actions.setReviewed(label, event.target.checked)}
              />
              {strings.strip.status.reviewed}
            </label>
          </Hint>
        )
      }
    >
      <Name vertebra={vertebra} state={state} actions={actions} />
      {trouble && <ProblemNote problem={trouble} />}
      {analysis && (
        <Muted>
          {strings.slicesAnalysed(
            analysis.slices.length,
            analysis.screenedSlices.length,
            analysis.skippedSlices.length
          )}
        </Muted>
      )}
      {!findings && !trouble && <Muted>{strings.strip.notYet}</Muted>}
      {findings && <CandidateTable rows={rows} focus={state.focus} actions={actions} />}
      {findings && <PaintBar state={state} actions={actions} />}
      {findings && <WhyView analysis={analysis} rows={rows} focus={focus} />}
      {findings && <OutlineLegend shown={state.outlines} onShow={actions.setOutlines} />}
    </Section>
  );
}

/** What the source calls it, and the level it goes by. */
function Name({ vertebra: { label, level, sourceName }, state, actions }: TabProps & { vertebra: VertebraEntry }) {
  const strings = useStrings();
  const busy = state.run.status === 'running';
  return (
    <div className="text-muted-foreground flex items-center gap-2 text-xs">
      <span className="min-w-0 flex-1 truncate" title={sourceName}>
        {sourceName}
      </span>
      {/* Bodies found in this session are shifted where they are found. */}
      {state.vertebrae.selected !== FOUND_ID && <ShiftLevels busy={busy} onShift={actions.shiftLevels} />}
      <div className="w-16">
        <Picker
          label={strings.levelOf(sourceName)}
          choices={LEVEL_CHOICES}
          selected={level}
          onSelect={id => actions.relabel(label, id)}
          disabled={busy}
          dataCy="relabel"
        />
      </div>
    </div>
  );
}
