import { useMemo } from 'react';
import { Action } from '../controls/Action';
import { score, side } from '../controls/format';
import { useHover } from '../controls/hover';
import { Muted } from '../controls/Notes';
import { type CandidateRow, candidatePlaces, candidateRows } from '../state/candidates';
import type { LesionRow, TabProps } from '../state/state';
import { useStrings } from '../strings';
import { WhyView } from './why/WhyView';

/** What speaks for and against the lesion in focus: its flags, its slices, and the images behind the one shown. */
export function LesionDetail({ row, state, actions }: TabProps & { row: LesionRow }) {
  const strings = useStrings();
  const { lesionList: texts, number } = strings;
  const { findings: all, decisions, rules } = state.review.present;
  const findings = all.find(({ label }) => label === row.vertebraLabel);
  const places = useMemo(() => findings && candidatePlaces(findings), [findings]);
  const regions = useMemo(
    () => (findings ? candidateRows(findings, { decisions, rules }, places) : []),
    [findings, decisions, rules, places]
  );
  const keys = row.slices.flatMap(({ candidates }) => candidates);
  const own = keys.flatMap(key => regions.find(one => one.key === key) ?? []);
  const shown = own.find(({ key }) => key === state.focus.key);
  const { reading } = state.vertebrae;
  const entry = reading.status === 'ready' ? reading.value.find(({ label }) => label === row.vertebraLabel) : undefined;
  const facts = [
    ...(row.diameters ? [texts.longest(number(row.diameters.longestMm.toFixed(1)))] : []),
    // The next line says it.
    ...row.flags.filter(flag => flag !== 'at-search-edge' || !row.atLeast).map(flag => texts.flags[flag]),
  ];
  return (
    <div className="space-y-1.5" onClick={event => event.stopPropagation()}>
      {facts.length > 0 && (
        <Muted data-cy="lesion-facts" title={texts.factsHelp}>
          {facts.join(' · ')}
        </Muted>
      )}
      {row.atLeast && <Muted data-cy="at-least">{texts.atLeastHelp}</Muted>}
      {own.length > 0 && <Slices row={row} own={own} shown={shown} actions={actions} />}
      {findings && (
        <WhyView
          analysis={entry?.analysis}
          searched={findings.slices.length}
          rows={regions}
          focus={shown}
          outlined={state.outlines}
        />
      )}
    </div>
  );
}

interface SlicesProps extends Pick<TabProps, 'actions'> {
  readonly row: LesionRow;
  /** Its regions, from the patient's right to left. */
  readonly own: readonly CandidateRow[];
  readonly shown?: CandidateRow;
}

/** The slices as bars of their scores, and what can be done at the one shown. */
function Slices({ row, own, shown, actions }: SlicesProps) {
  const strings = useStrings();
  const { lesionList: texts, number } = strings;
  const hover = useHover();
  const at = own.findIndex(({ key }) => key === shown?.key);
  const words = (one: CandidateRow, n: number) =>
    texts.slice(n + 1, own.length, number(side(one.offsetMm, strings.left, strings.right)), number(score(one.score)));
  const goTo = (step: 1 | -1) => own[at + step] && actions.goToCandidate(own[at + step]);
  const rest = own.slice(at).map(({ key }) => key);
  const altered = own.some(({ decision }) => decision.group ?? decision.apart);
  const isOut = shown?.decision.verdict === 'rejected' && row.verdict !== 'rejected';
  return (
    <div className="space-y-1" role="group" aria-label={texts.slicesLabel} data-cy="lesion-slices">
      <p
        className="text-foreground text-sm"
        data-cy="slice-shown"
        role="status"
        title={[
          texts.columnHelp.score,
          ...(shown && (shown.score < 0 || shown.score > 1) ? [texts.rawScore(number(shown.score.toFixed(2)))] : []),
        ].join(' ')}
      >
        {shown ? words(shown, at) : '\u00a0'}
      </p>
      <div className="flex flex-wrap">
        {own.map((one, n) => (
          <button
            key={one.key}
            type="button"
            data-cy="lesion-slice"
            data-key={one.key}
            aria-current={n === at}
            aria-label={words(one, n)}
            title={words(one, n)}
            className="hover:bg-primary/25 flex items-end justify-center"
            style={{ width: '1.5rem', height: '1.5rem' }}
            onMouseEnter={() => hover.set(one.key)}
            onMouseLeave={() => hover.set(undefined)}
            onClick={() => actions.goToCandidate(one)}
          >
            <span
              className="block"
              style={{
                width: '0.875rem',
                height: `${Math.round(3 + 19 * Math.min(1, Math.max(0, one.score)))}px`,
                background: n === at ? 'rgb(253 224 71)' : 'rgb(148 163 184)',
                forcedColorAdjust: 'none',
                opacity: one.kept ? 1 : 0.4,
              }}
            />
          </button>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <Action
          text="‹"
          name={texts.previousSlice}
          help={texts.previousSlice}
          dataCy="previous-slice"
          disabled={at <= 0}
          onClick={() => goTo(-1)}
        />
        <Action
          text="›"
          name={texts.nextSlice}
          help={texts.nextSlice}
          dataCy="next-slice"
          disabled={at >= own.length - 1}
          onClick={() => goTo(1)}
        />
        {own.length > 1 && shown && (
          <>
            <Action
              text={isOut ? texts.takeIn : texts.leaveOut}
              help={texts.leaveOutHelp}
              dataCy="leave-out"
              onClick={() => (isOut ? actions.resetDecision([shown.key]) : actions.reject([shown.key], 'other'))}
            />
            <Action
              text={texts.split}
              help={texts.splitHelp}
              dataCy="split"
              disabled={at <= 0}
              onClick={() => actions.split(row.id, rest)}
            />
          </>
        )}
        {altered && (
          <Action
            text={texts.rejoin}
            help={texts.rejoinHelp}
            dataCy="rejoin"
            onClick={() => actions.split(row.id, [])}
          />
        )}
      </div>
    </div>
  );
}
