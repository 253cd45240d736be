import { Fragment, useState } from 'react';
import type { CandidateKey } from '../core/review';
import { DecisionBar } from './DecisionBar';
import { type CandidateRow, shortList } from './candidates';
import { Hint } from './Hint';
import { KindMark } from './KindMark';
import { Muted } from './Notes';
import { millilitres, millimetres } from './format';
import type { PanelActions } from './state';
import { useStrings } from './strings';

interface Props {
  rows: readonly CandidateRow[];
  /** Key of the candidate looked at. */
  focus?: CandidateKey;
  onFocus(row: CandidateRow): void;
  actions: Pick<PanelActions, 'accept' | 'reject' | 'undecide' | 'setKind' | 'merge' | 'split'>;
}

/** All candidate regions of one vertebra: what was looked at, and what was kept as a lesion. */
export function CandidateTable({ rows, ...rest }: Props) {
  const strings = useStrings();
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <Muted>{strings.noCandidates}</Muted>;
  const kept = rows.filter(row => row.kept);
  const short = shortList(rows, rest.focus);
  const long = short.length < rows.length;
  const shown = all ? rows : short;
  return (
    <>
      <Muted data-cy="candidate-count">{strings.candidates(kept.length, rows.length)}</Muted>
      {shown.length > 0 && <Rows rows={shown} {...rest} />}
      {long && (
        <button
          type="button"
          data-cy="all-candidates"
          className="text-primary text-xs"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? strings.onlyKept : strings.allCandidates(rows.length)}
        </button>
      )}
    </>
  );
}

function Rows({ rows, focus, onFocus, actions }: Props) {
  const strings = useStrings();
  const [ticked, setTicked] = useState<readonly CandidateKey[]>([]);
  const tick = (key: CandidateKey) =>
    setTicked(ticked.includes(key) ? ticked.filter(one => one !== key) : [...ticked, key]);
  return (
    <table className="w-full text-xs">
      <thead className="text-muted-foreground">
        <tr>
          <th className="py-0.5 text-left font-normal">{strings.candidateKind}</th>
          <Column text={strings.candidateSlice} help={strings.candidateSliceHelp} />
          <Column text={strings.review.size} help={strings.review.sizeHelp} />
          <Column text={strings.candidateVolume} help={strings.candidateVolumeHelp} />
          <Column text={strings.candidateScore} help={strings.candidateScoreHelp} />
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Fragment key={row.key}>
            <Row row={row} focused={row.key === focus} onFocus={onFocus} />
            {row.key === focus && (
              <tr>
                <td colSpan={5} className="pb-2">
                  <DecisionBar row={row} ticked={ticked} onTick={tick} actions={actions} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Column({ text, help }: { text: string; help: string }) {
  return (
    <th className="py-0.5 text-right font-normal">
      <Hint text={help}>
        <span tabIndex={0}>{text}</span>
      </Hint>
    </th>
  );
}

function Row({ row, focused, onFocus }: { row: CandidateRow; focused: boolean; onFocus: Props['onFocus'] }) {
  const strings = useStrings();
  const { verdict, reason = 'other', group } = row.decision;
  const states = [
    verdict === 'accepted' ? strings.review.accepted : '',
    verdict === 'rejected' ? strings.review.rejected(strings.review.reasons[reason]) : '',
    group ? strings.review.merged : '',
  ].filter(Boolean);
  return (
    <tr
      data-cy="candidate-row"
      data-kind={row.kind}
      data-kept={row.kept}
      data-verdict={verdict ?? 'none'}
      onClick={() => onFocus(row)}
      className={`hover:bg-primary/25 cursor-pointer ${focused ? 'bg-primary/20' : ''} ${row.kept ? 'text-foreground' : 'text-muted-foreground'}`}
    >
      <td className="py-0.5">
        <button
          type="button"
          data-cy="candidate-decide"
          aria-expanded={focused}
          aria-label={strings.review.decide(strings.kind[row.kind], row.score.toFixed(2))}
        >
          <KindMark kind={row.kind} withText />
        </button>
        {states.length > 0 && <span className="text-muted-foreground block">{states.join(', ')}</span>}
      </td>
      <td className="py-0.5 text-right">{side(row.offsetMm, strings.left, strings.right)}</td>
      <td className="whitespace-nowrap py-0.5 text-right">{row.sizeMm.toFixed(0)} mm</td>
      <td className="whitespace-nowrap py-0.5 text-right">{millilitres(row.millilitres)} ml</td>
      <td className="whitespace-nowrap py-0.5 text-right">
        {row.score.toFixed(2)}{' '}
        <span role="img" aria-label={row.kept ? strings.kept : strings.notKept}>
          {row.kept ? '✓' : '·'}
        </span>
      </td>
    </tr>
  );
}

function side(offsetMm: number, left: string, right: string): string {
  const distance = millimetres(Math.abs(Number(offsetMm.toFixed(1))));
  return offsetMm === 0 ? '0' : `${offsetMm > 0 ? left : right} ${distance}`;
}
