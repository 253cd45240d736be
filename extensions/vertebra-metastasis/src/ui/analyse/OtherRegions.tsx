import { memo, useEffect, useRef, useState } from 'react';
import type { CandidateRow } from '../state/candidates';
import type { Focus } from '../state/focus';
import { Action } from '../controls/Action';
import { millilitres, side, score as formatScore } from '../controls/format';
import { Hint } from '../controls/Hint';
import { useHover } from '../controls/hover';
import { ChevronIcon } from '../controls/icons';
import { KindMark } from '../controls/KindMark';
import { arrowKey, rowOutline, scrollToRow, STICKY_HEAD } from '../controls/tableRows';
import type { PanelActions } from '../state/state';
import { type Strings, useStrings } from '../strings';

interface Props {
  rows: readonly CandidateRow[];
  level: string;
  focus: Focus;
  actions: PanelActions;
}

/** Candidate regions of one vertebra that are no part of a lesion, folded: what a threshold or a size left out can be taken in. */
export function OtherRegions({ rows, level, focus, actions }: Props) {
  const strings = useStrings();
  const [opened, setOpened] = useState(false);
  if (rows.length === 0) return null;
  const at = rows.findIndex(({ key }) => key === focus.key);
  const open = opened || at >= 0;
  return (
    <div data-cy="other-regions" data-count={rows.length}>
      <Hint text={strings.lesionList.otherRegionsHelp}>
        <button
          type="button"
          data-cy="all-candidates"
          aria-expanded={open}
          className="text-foreground inline-flex h-6 items-center gap-1 text-sm"
          onClick={() => setOpened(!open)}
        >
          <ChevronIcon open={open} />
          {strings.lesionList.otherRegions(rows.length, level)}
        </button>
      </Hint>
      {open && (
        <table
          className="w-full text-sm"
          data-cy="candidates"
          aria-label={strings.candidatesLabel}
          onKeyDown={event => arrowKey(event, step => rows[at + step] && actions.goToCandidate(rows[at + step]))}
        >
          <Head />
          <tbody>
            {rows.map((row, n) => (
              <Row
                key={row.key}
                row={row}
                focused={n === at}
                tabStop={n === Math.max(0, at)}
                goTo={actions.goToCandidate}
                accept={actions.accept}
              />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Head() {
  const strings = useStrings();
  const columns = [
    [strings.candidateSlice, strings.candidateSliceHelp],
    [strings.review.size, strings.review.sizeHelp],
    [strings.candidateVolume, strings.candidateVolumeHelp],
    [strings.review.hu, strings.review.huHelp],
    [strings.candidateScore, strings.candidateScoreHelp],
  ];
  return (
    <thead className="bg-background text-muted-foreground" style={STICKY_HEAD}>
      <tr>
        <th className="py-0.5 text-left font-normal">{strings.candidateKind}</th>
        {columns.map(([text, help]) => (
          <th key={text} className="py-0.5 text-right font-normal">
            <Hint text={help}>
              <span tabIndex={0}>{text}</span>
            </Hint>
          </th>
        ))}
        <th aria-label={strings.review.decideLabel} />
      </tr>
    </thead>
  );
}

interface RowProps {
  row: CandidateRow;
  focused: boolean;
  /** The stop of the Tab key in the list: the selected row, or the first. */
  tabStop: boolean;
  goTo: PanelActions['goToCandidate'];
  accept: PanelActions['accept'];
}

/** Drawn again only when its own numbers or decision change; hovering changes nothing here. */
const Row = memo(
  function Row({ row, focused, tabStop, goTo, accept }: RowProps) {
    const strings = useStrings();
    const hover = useHover();
    const { key, score, kept, kind } = row;
    const { verdict } = row.decision;
    const point = () => hover.set(key);
    const leave = () => hover.set(undefined);
    const said = decided(row, strings);
    const shownScore = strings.number(formatScore(score));
    const tabIndex = tabStop ? 0 : -1;
    const line = useRef<HTMLTableRowElement>(null);
    const button = useRef<HTMLButtonElement>(null);
    useEffect(() => {
      if (!focused || !line.current) return;
      scrollToRow(line.current);
      // Arrows move the focus along.
      if (line.current.parentElement?.contains(document.activeElement)) button.current?.focus();
    }, [focused]);
    return (
      <tr
        ref={line}
        data-cy="candidate-row"
        data-key={key}
        data-kind={kind}
        data-kept={kept}
        data-score={score}
        data-verdict={verdict ?? 'none'}
        aria-current={focused}
        onClick={() => goTo(row)}
        onMouseEnter={point}
        onMouseLeave={leave}
        onFocus={point}
        onBlur={leave}
        className={`hover:bg-primary/25 cursor-pointer ${focused ? 'bg-primary/20' : ''} ${kept ? 'text-foreground' : 'text-muted-foreground'}`}
        style={rowOutline(focused)}
      >
        <td className="py-0.5">
          <button
            ref={button}
            type="button"
            tabIndex={tabIndex}
            data-cy="candidate-decide"
            className="block h-6 text-left"
            aria-label={[strings.review.decide(strings.kind[kind], shownScore), ...said].join(', ')}
            title={[strings.kind[kind], ...said].join(', ')}
          >
            <KindMark kind={kind} text={wordOf(row, strings)} />
          </button>
        </td>
        <td className="whitespace-nowrap py-0.5 text-right" title={`${strings.number(row.offsetMm.toFixed(1))} mm`}>
          {strings.number(side(row.offsetMm, strings.left, strings.right))}
        </td>
        <td className="whitespace-nowrap py-0.5 text-right">{row.sizeMm.toFixed(0)} mm</td>
        <td className="whitespace-nowrap py-0.5 text-right">{strings.number(millilitres(row.millilitres))} ml</td>
        <td className="whitespace-nowrap py-0.5 text-right" data-cy="candidate-hu" title={strings.review.huHelp}>
          {row.huMean === undefined ? '–' : row.huMean.toFixed(0)}
        </td>
        <td className="whitespace-nowrap py-0.5 text-right" title={row.leftOut && strings.review.leftOut[row.leftOut]}>
          {row.leftOut ? '⊘ ' : ''}
          {row.skipped || row.estimated ? '≈ ' : ''}
          {shownScore} <Counts row={row} />
        </td>
        <td className="py-0.5 text-right" onClick={event => event.stopPropagation()}>
          <Action
            text={strings.review.accept}
            help={strings.review.acceptHelp}
            dataCy="accept-region"
            onClick={() => accept([key])}
          />
        </td>
      </tr>
    );
  },
  (before, after) =>
    before.focused === after.focused && before.tabStop === after.tabStop && sameRow(before.row, after.row)
);

/** Rows are made anew with every change of the review; only decisions, kind and kept can differ under one key. */
function sameRow(a: CandidateRow, b: CandidateRow): boolean {
  return a.key === b.key && a.score === b.score && a.kind === b.kind && a.kept === b.kept && a.decision === b.decision;
}

/** What was decided, in words. */
function decided(
  { decision: { verdict, reason = 'other', group } }: CandidateRow,
  { review: texts }: Strings
): string[] {
  return [
    verdict === 'accepted' ? texts.accepted : '',
    verdict === 'rejected' ? texts.rejected(texts.reasons[reason]) : '',
    group ? texts.merged : '',
  ].filter(Boolean);
}

/** One word, so that a decision does not move the list: the reason of a rejection, else the kind. The mark keeps the kind. */
function wordOf({ kind, decision: { verdict, reason = 'other' } }: CandidateRow, strings: Strings): string {
  return verdict === 'rejected' ? strings.review.reasons[reason] : strings.kind[kind];
}

/** Whether it counts, and who said so. */
function Counts({ row: { kept, decision } }: { row: CandidateRow }) {
  const strings = useStrings();
  const { verdict } = decision;
  const sign = verdict === 'accepted' ? '✓✓' : verdict === 'rejected' ? '✗' : kept ? '✓' : '·';
  return (
    <span role="img" aria-label={kept ? strings.kept : strings.notKept} className="inline-block w-4 text-left">
      {sign}
    </span>
  );
}
