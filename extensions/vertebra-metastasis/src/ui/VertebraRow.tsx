import { useMemo, useState } from 'react';
import { LEVELS } from '../core/vertebrae';
import type { ReviewState, VertebraFindings } from '../core/review';
import { type CandidateRow, candidateRows, keptKinds } from './candidates';
import { CandidateTable } from './CandidateTable';
import { percent } from './format';
import { Hint } from './Hint';
import { ChevronIcon, PlayIcon } from './icons';
import { KindMark } from './KindMark';
import { EraseMask, StaleNote } from './MaskControls';
import { Muted, ProblemNote } from './Notes';
import { Picker } from './Picker';
import { WhyView } from './WhyView';
import type { PanelActions, VertebraEntry } from './state';
import { useStrings } from './strings';

interface Props {
  vertebra: VertebraEntry;
  review: ReviewState;
  /** True while nothing may be changed. */
  busy: boolean;
  canAnalyse: boolean;
  atWork: boolean;
  actions: PanelActions;
}

const levelChoices = LEVELS.map(level => ({ id: level, label: level }));
const NO_ROWS: ReturnType<typeof candidateRows> = [];

/** One vertebra: ticked or not, its probability, its kinds, and on demand its candidates. */
export function VertebraRow({ vertebra, review, busy, canAnalyse, atWork, actions }: Props) {
  const strings = useStrings();
  const { label, level, analysis, problem, failure, included } = vertebra;
  const trouble = problem ?? failure;
  const [open, setOpen] = useState(false);
  const findings = review.findings.find(one => one.label === label);
  const { decisions, rules } = review;
  const rows = useMemo(
    () => (findings ? candidateRows(findings, { decisions, rules }) : NO_ROWS),
    [findings, decisions, rules]
  );
  const [focus, setFocus] = useState<CandidateRow>();
  const look = (row: CandidateRow) => {
    setFocus(row);
    actions.goToPoint(row.pointLps);
  };
  const reviewed = review.reviewed.includes(label);
  return (
    <li
      data-cy={`vertebra-row-${level}`}
      data-label={label}
      data-analysed={Boolean(analysis)}
      data-reviewed={reviewed}
      className={`border-input border-b ${atWork ? 'bg-primary/20' : ''}`}
    >
      <div className="flex h-8 items-center gap-2 px-3">
        <input
          type="checkbox"
          className="h-4 w-4 flex-shrink-0"
          style={{ accentColor: 'hsl(var(--primary))' }}
          aria-label={strings.includeVertebra(level)}
          data-cy="include"
          checked={included && !problem}
          disabled={busy || Boolean(problem)}
          onChange={event => actions.include(label, event.target.checked)}
        />
        <Hint text={strings.goTo(level)}>
          <button
            type="button"
            data-cy="go-to"
            className="text-foreground hover:bg-primary/25 w-10 flex-shrink-0 rounded px-1 text-left text-sm font-semibold"
            onClick={() => actions.goToVertebra(label)}
          >
            {level}
          </button>
        </Hint>
        <Probability findings={findings} />
        <span className="text-foreground flex w-10 flex-shrink-0 items-center gap-1 text-xs">
          {keptKinds(rows).map(kind => (
            <KindMark key={kind} kind={kind} />
          ))}
          {reviewed && (
            <span role="img" aria-label={strings.review.reviewed(level)} title={strings.review.reviewed(level)}>
              ✓
            </span>
          )}
        </span>
        <Hint text={strings.analyseOne(level)}>
          <button
            type="button"
            data-cy="analyse-one"
            aria-label={strings.analyseOne(level)}
            className="text-primary hover:bg-primary/25 flex h-6 w-6 flex-shrink-0 items-center justify-center rounded disabled:opacity-50"
            disabled={busy || !canAnalyse || Boolean(problem)}
            onClick={() => actions.analyse([label])}
          >
            <PlayIcon />
          </button>
        </Hint>
        <StaleNote vertebra={vertebra} />
        <EraseMask vertebra={vertebra} busy={busy} erase={actions.find.erase} />
        <button
          type="button"
          data-cy="expand"
          aria-expanded={open}
          aria-label={strings.showCandidates(level)}
          className="text-primary hover:bg-primary/25 flex h-6 w-6 flex-shrink-0 items-center justify-center rounded"
          onClick={() => setOpen(!open)}
        >
          <ChevronIcon open={open} />
        </button>
      </div>
      {trouble && (
        <div className="px-3 pb-2">
          <ProblemNote problem={trouble} />
        </div>
      )}
      {open && (
        <div className="space-y-1.5 px-3 pb-2">
          <div className="text-muted-foreground flex items-center gap-2 text-xs">
            <span className="min-w-0 flex-1 truncate" title={strings.levelOf(vertebra.sourceName)}>
              {vertebra.sourceName}
            </span>
            <div className="w-16">
              <Picker
                label={strings.levelOf(vertebra.sourceName)}
                choices={levelChoices}
                selected={level}
                onSelect={id => actions.relabel(label, id)}
                disabled={busy}
                dataCy="relabel"
              />
            </div>
          </div>
          {analysis && (
            <Muted>
              {strings.slicesAnalysed(
                analysis.slices.length,
                analysis.screenedSlices.length,
                analysis.skippedSlices.length
              )}
            </Muted>
          )}
          {findings && (
            <>
              <Hint text={strings.review.reviewedHelp}>
                <label className="text-foreground flex items-center gap-2 text-xs">
                  <input
                    type="checkbox"
                    data-cy="reviewed"
                    checked={reviewed}
                    onChange={event => actions.setReviewed(label, event.target.checked)}
                  />
                  {strings.review.reviewed(level)}
                </label>
              </Hint>
              <CandidateTable rows={rows} focus={focus?.key} onFocus={look} actions={actions} />
            </>
          )}
          {findings && <WhyView analysis={analysis} focus={focus} findings={findings} />}
        </div>
      )}
    </li>
  );
}

function Probability({ findings }: { findings?: VertebraFindings }) {
  const strings = useStrings();
  if (!findings) {
    return <span className="text-muted-foreground min-w-0 flex-1 truncate text-xs">{strings.notAnalysed}</span>;
  }
  const p = findings.malignancyProbability;
  return (
    <Hint text={strings.probabilityHelp}>
      <span tabIndex={0} className="flex min-w-0 flex-1 items-center gap-2" data-cy="probability" data-value={p}>
        <span className="bg-muted relative h-2 min-w-0 flex-1 overflow-hidden rounded-full" aria-hidden>
          <span
            className="absolute left-0 h-full rounded-full"
            style={{ width: `${100 * p}%`, background: p >= 0.5 ? 'rgb(245 158 11)' : 'rgb(148 163 184)' }}
          />
        </span>
        <span className="text-foreground w-10 flex-shrink-0 text-right text-xs">{percent(p)}</span>
      </span>
    </Hint>
  );
}
