import { useMemo, useState } from 'react';
import { LEVELS } from '../core/vertebrae';
import { candidateRows, keptKinds } from './candidates';
import { CandidateTable } from './CandidateTable';
import { percent } from './format';
import { Hint } from './Hint';
import { ChevronIcon, PlayIcon } from './icons';
import { KindMark } from './KindMark';
import { EraseMask, StaleNote } from './MaskControls';
import { Muted, ProblemNote } from './Notes';
import { Picker } from './Picker';
import type { PanelActions, Settings, VertebraEntry } from './state';
import { useStrings } from './strings';

interface Props {
  vertebra: VertebraEntry;
  settings: Settings;
  /** True while nothing may be changed. */
  busy: boolean;
  canAnalyse: boolean;
  atWork: boolean;
  actions: Pick<PanelActions, 'relabel' | 'include' | 'analyse' | 'goToVertebra' | 'goToPoint' | 'find'>;
}

const levelChoices = LEVELS.map(level => ({ id: level, label: level }));
const NO_ROWS: ReturnType<typeof candidateRows> = [];

/** One vertebra: ticked or not, its probability, its kinds, and on demand its candidates. */
export function VertebraRow({ vertebra, settings, busy, canAnalyse, atWork, actions }: Props) {
  const strings = useStrings();
  const { label, level, analysis, problem, failure, included } = vertebra;
  const trouble = problem ?? failure;
  const [open, setOpen] = useState(false);
  const rows = useMemo(() => (analysis ? candidateRows(analysis, settings) : NO_ROWS), [analysis, settings]);
  return (
    <li
      data-cy={`vertebra-row-${level}`}
      data-label={label}
      data-analysed={Boolean(analysis)}
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
        <Probability vertebra={vertebra} />
        <span className="flex w-8 flex-shrink-0 gap-1">
          {keptKinds(rows).map(kind => (
            <KindMark key={kind} kind={kind} />
          ))}
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
          {analysis && <CandidateTable rows={rows} onShow={actions.goToPoint} />}
        </div>
      )}
    </li>
  );
}

function Probability({ vertebra: { analysis } }: { vertebra: VertebraEntry }) {
  const strings = useStrings();
  if (!analysis) {
    return <span className="text-muted-foreground min-w-0 flex-1 truncate text-xs">{strings.notAnalysed}</span>;
  }
  const p = analysis.malignancyProbability;
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
