import { memo, useEffect, useRef } from 'react';
import { lesionName, lesionPlace, said, shortPlace, volumeText } from '../controls/lesionText';
import { KindMark } from '../controls/KindMark';
import { useHover } from '../controls/hover';
import { arrowKey, rowOutline, scrollToRow } from '../controls/tableRows';
import { Tick } from '../controls/Tick';
import type { LesionRow, PanelActions } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  row: LesionRow;
  focused: boolean;
  /** A stop of the Tab key: the row in focus, or all while there is none. */
  tabStop: boolean;
  selected: boolean;
  actions: PanelActions;
}

/** One lesion in two lines. Drawn again only when it, its focus or its selection changes. */
export const LesionTableRow = memo(function LesionTableRow({ row, focused, tabStop, selected, actions }: Props) {
  const strings = useStrings();
  const { lesionList: texts, number } = strings;
  const hover = useHover();
  const line = useRef<HTMLTableRowElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!focused || !line.current) return;
    scrollToRow(line.current);
    // Arrows move the focus along.
    if (line.current.closest('table')?.contains(document.activeElement)) button.current?.focus({ preventScroll: true });
  }, [focused]);
  const name = lesionName(row, strings);
  const { diameters, verdict } = row;
  const point = () => hover.set(row.id);
  const leave = () => hover.set(undefined);
  const words = [name, said(row, strings), lesionPlace(row, strings)].filter(Boolean).join(', ');
  const tabIndex = tabStop ? 0 : -1;
  return (
    <tr
      ref={line}
      data-cy={row.index > 0 ? 'lesion-row' : 'rejected-row'}
      data-id={row.id}
      data-segment={row.index}
      data-voxels={row.voxels}
      data-level={row.level}
      data-kind={row.kind}
      data-score={row.score}
      data-verdict={verdict ?? 'none'}
      data-doubted={row.doubted}
      aria-current={focused}
      onClick={() => actions.goToLesion(row.id)}
      onKeyDown={event => arrowKey(event, actions.nextLesion)}
      onMouseEnter={point}
      onMouseLeave={leave}
      onFocus={point}
      onBlur={leave}
      className={`hover:bg-primary/25 text-foreground cursor-pointer align-top ${focused ? 'bg-primary/20' : ''}`}
      style={rowOutline(focused)}
    >
      <td className="py-1 pl-3" onClick={event => event.stopPropagation()}>
        <Tick
          name={texts.select(name)}
          dataCy="lesion-select"
          checked={selected}
          tabIndex={tabIndex}
          onShiftClick={() => actions.selectRange(row.id)}
          onChange={() => actions.toggleSelected(row.id)}
        />
      </td>
      <td className="py-1">
        <button
          ref={button}
          type="button"
          tabIndex={tabIndex}
          data-cy="lesion-show"
          aria-label={words}
          className="block max-w-full text-left"
          style={{ minHeight: '1.5rem' }}
        >
          <KindMark kind={row.kind} text={name} />
          <span className="text-muted-foreground block truncate" title={lesionPlace(row, strings)}>
            {shortPlace(row, strings)}
          </span>
        </button>
      </td>
      <td
        className="whitespace-nowrap py-1 text-right"
        title={
          diameters &&
          `${texts.axes(number(mm(diameters.longestAxialMm)), number(mm(diameters.perpendicularAxialMm)))}; ${texts.longest(number(mm(diameters.longestMm)))}`
        }
      >
        {diameters ? `${diameters.longestAxialMm.toFixed(0)} × ${diameters.perpendicularAxialMm.toFixed(0)}` : '–'}
      </td>
      <td
        className="whitespace-nowrap py-1 text-right"
        data-cy="lesion-ml"
        title={row.atLeast ? texts.atLeastHelp : undefined}
      >
        {volumeText(row, strings)}
      </td>
      <td className="whitespace-nowrap py-1 text-right">{row.huMean === undefined ? '–' : row.huMean.toFixed(0)}</td>
      <td
        className="whitespace-nowrap py-1 text-right"
        title={clamped(row) ? texts.rawScore(number(row.rawScore!.toFixed(2))) : undefined}
      >
        {row.score === undefined ? '–' : number(row.score.toFixed(2))}
      </td>
      <td className="py-1 text-right">{row.slices.length > 0 ? row.slices.length : '–'}</td>
      <td className="py-1 pr-2 text-right">
        <Sign row={row} />
      </td>
    </tr>
  );
});

const mm = (value: number): string => value.toFixed(1);
const clamped = ({ score, rawScore }: LesionRow): boolean => rawScore !== undefined && rawScore !== score;

/** What was decided, as a sign; its words are in the title. */
function Sign({ row }: { row: LesionRow }) {
  const strings = useStrings();
  const words = said(row, strings);
  const sign = row.verdict === 'accepted' ? '✓' : row.verdict === 'rejected' ? '✗' : row.drawn ? '✎' : '?';
  return (
    <span role="img" aria-label={words} title={words}>
      {sign}
    </span>
  );
}
