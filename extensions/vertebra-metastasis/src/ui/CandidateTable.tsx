import { useState } from 'react';
import type { CandidateRow } from './candidates';
import { Hint } from './Hint';
import { KindMark } from './KindMark';
import { Muted } from './Notes';
import { millilitres, millimetres } from './format';
import type { PanelActions } from './state';
import { useStrings } from './strings';

interface Props {
  rows: readonly CandidateRow[];
  onShow: PanelActions['goToPoint'];
}

/** Longer lists open with the kept candidates alone. */
const SHORT_LIST = 12;

/** All candidate regions of one vertebra: what was looked at, and what was kept as a lesion. */
export function CandidateTable({ rows, onShow }: Props) {
  const strings = useStrings();
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <Muted>{strings.noCandidates}</Muted>;
  const kept = rows.filter(row => row.kept);
  const long = rows.length > SHORT_LIST && kept.length < rows.length;
  const shown = long && !all ? kept : rows;
  return (
    <>
      <Muted data-cy="candidate-count">{strings.candidates(kept.length, rows.length)}</Muted>
      {shown.length > 0 && <Rows rows={shown} onShow={onShow} />}
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

function Rows({ rows, onShow }: Props) {
  const strings = useStrings();
  return (
    <table className="w-full text-xs">
      <thead className="text-muted-foreground">
        <tr>
          <th className="py-0.5 text-left font-normal">{strings.candidateKind}</th>
          <Column text={strings.candidateSlice} help={strings.candidateSliceHelp} />
          <Column text={strings.candidateArea} help={strings.candidateAreaHelp} />
          <Column text={strings.candidateVolume} help={strings.candidateVolumeHelp} />
          <Column text={strings.candidateScore} help={strings.candidateScoreHelp} />
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.id} row={row} onShow={onShow} />
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

function Row({ row, onShow }: { row: CandidateRow; onShow: Props['onShow'] }) {
  const strings = useStrings();
  const show = () => onShow(row.pointLps);
  return (
    <tr
      data-cy="candidate-row"
      data-kind={row.kind}
      data-kept={row.kept}
      tabIndex={0}
      onClick={show}
      onKeyDown={event => event.key === 'Enter' && show()}
      className={`hover:bg-primary/25 cursor-pointer ${row.kept ? 'text-foreground' : 'text-muted-foreground'}`}
      title={row.kept ? strings.kept : strings.notKept}
    >
      <td className="py-0.5">
        <KindMark kind={row.kind} withText />
      </td>
      <td className="py-0.5 text-right">{side(row.offsetMm, strings.left, strings.right)}</td>
      <td className="whitespace-nowrap py-0.5 text-right">{row.areaMm2.toFixed(0)} mm²</td>
      <td className="whitespace-nowrap py-0.5 text-right">{millilitres(row.millilitres)} ml</td>
      <td className="whitespace-nowrap py-0.5 text-right">
        {row.score.toFixed(2)}{' '}
        <span aria-label={row.kept ? strings.kept : strings.notKept}>{row.kept ? '✓' : '·'}</span>
      </td>
    </tr>
  );
}

function side(offsetMm: number, left: string, right: string): string {
  const distance = millimetres(Math.abs(Number(offsetMm.toFixed(1))));
  return offsetMm === 0 ? '0' : `${offsetMm > 0 ? left : right} ${distance}`;
}
