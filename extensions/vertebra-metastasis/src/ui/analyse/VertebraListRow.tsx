import { memo, useEffect, useRef } from 'react';
import { EraseMask } from './MaskControls';
import { millilitres, percent, shortDuration } from '../controls/format';
import { Hint } from '../controls/Hint';
import { PlayIcon } from '../controls/icons';
import { KindMark } from '../controls/KindMark';
import type { PanelActions } from '../state/state';
import { useStrings } from '../strings';
import { rowOutline, scrollWithin } from '../controls/tableRows';
import { Tick } from '../controls/Tick';
import type { VertebraListRow as Row, VertebraStatus } from '../state/vertebraList';

interface Props extends Row {
  readonly selected: boolean;
  /** The stop of the Tab key in the list: the selected row, or the first. */
  readonly tabStop: boolean;
  /** True while nothing may be changed. */
  readonly busy: boolean;
  readonly canAnalyse: boolean;
  readonly actions: PanelActions;
}

/** One vertebra in one line; drawn again only when one of its values changes. */
export const VertebraListRow = memo(function VertebraListRow(props: Props) {
  const { label, level, status, reason, selected, busy, actions, included, selectable } = props;
  const strings = useStrings();
  const row = useRef<HTMLTableRowElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!selected || !row.current) return;
    scrollWithin(row.current);
    // Arrows move the focus along with the selection.
    if (row.current.parentElement?.contains(document.activeElement)) button.current?.focus();
  }, [selected]);
  const said = reason && strings.problem(reason);
  const tabIndex = props.tabStop ? 0 : -1;
  return (
    <tr
      ref={row}
      data-cy={`vertebra-row-${level}`}
      data-label={label}
      data-status={status}
      data-analysed={props.probability !== undefined}
      data-reviewed={status === 'reviewed'}
      aria-current={selected}
      onClick={() => actions.goToVertebra(label)}
      className={`hover:bg-primary/25 cursor-pointer ${selected ? 'bg-primary/20' : ''}`}
      style={{ height: '1.625rem', ...rowOutline(selected) }}
    >
      <td className="pl-2" onClick={event => event.stopPropagation()}>
        <Tick
          name={strings.includeVertebra(level)}
          dataCy="include"
          checked={included}
          disabled={busy || !selectable}
          tabIndex={tabIndex}
          onChange={checked => actions.include(label, checked)}
        />
      </td>
      <td>
        <button
          ref={button}
          type="button"
          data-cy="go-to"
          tabIndex={tabIndex}
          aria-label={strings.goTo(level)}
          className="text-foreground h-6 w-full text-left text-sm font-semibold"
        >
          {level}
        </button>
      </td>
      {said && hasNoResult(status) ? (
        <td
          colSpan={3}
          className="text-muted-foreground truncate pr-1"
          style={{ maxWidth: 0 }}
          title={said.text}
          data-cy="reason"
        >
          {said.text}
        </td>
      ) : (
        <Findings {...props} />
      )}
      <td>
        <Status status={status} seconds={props.seconds} reason={said?.text} />
      </td>
      <td className="whitespace-nowrap pr-1 text-right" onClick={event => event.stopPropagation()}>
        {props.erasable && <EraseMask label={label} level={level} busy={busy} erase={actions.find.erase} />}
        <button
          type="button"
          data-cy="analyse-one"
          aria-label={strings.analyseOne(level)}
          title={strings.analyseOne(level)}
          tabIndex={tabIndex}
          className="text-primary hover:bg-primary/25 inline-flex h-6 w-6 items-center justify-center rounded disabled:opacity-50"
          disabled={busy || !props.canAnalyse || !selectable}
          onClick={() => actions.analyse([label])}
        >
          <PlayIcon />
        </button>
      </td>
    </tr>
  );
});

function Findings({ level, probability, lytic, blastic, mixed, millilitres: ml, atLeast }: Row) {
  const { vertebraList, number } = useStrings();
  const volume = `${atLeast ? '≥ ' : ''}${number(millilitres(ml))}`;
  return (
    <>
      <td>{probability !== undefined && <Probability p={probability} />}</td>
      <td>
        <span className="flex gap-1">
          {lytic && <KindMark kind="lytic" />}
          {blastic && <KindMark kind="blastic" />}
          {mixed && <KindMark kind="mixed" />}
        </span>
      </td>
      <td
        className="text-foreground whitespace-nowrap pr-2 text-right"
        data-cy="row-volume"
        data-ml={ml}
        title={ml > 0 ? vertebraList.volumeIs(level, volume) : vertebraList.noVolume}
      >
        {ml > 0 ? `${volume} ml` : ''}
      </td>
    </>
  );
}

function Probability({ p }: { p: number }) {
  const { vertebraList } = useStrings();
  const text = vertebraList.probabilityIs(percent(p));
  return (
    <Hint text={text}>
      <span
        role="img"
        aria-label={text}
        data-cy="probability"
        data-value={p}
        className="bg-muted relative block h-2 overflow-hidden rounded-full"
        style={{ width: '2.5rem' }}
      >
        <span
          className="absolute left-0 h-full rounded-full"
          style={{
            width: `${100 * p}%`,
            background: p >= 0.5 ? 'rgb(245 158 11)' : 'rgb(148 163 184)',
            forcedColorAdjust: 'none',
          }}
        />
      </span>
    </Hint>
  );
}

/** Words carry the meaning; the colour only helps to find them. */
const STATUS_COLOUR: Partial<Record<VertebraStatus, string>> = {
  reviewed: 'rgb(134 239 172)',
  outdated: 'rgb(234 179 8)',
  failed: 'rgb(234 179 8)',
};

/** Then the reason stands in place of the numbers; a result that is there is shown beside it. */
const hasNoResult = (status: VertebraStatus): boolean => status === 'excluded' || status === 'failed';

interface StatusProps {
  readonly status: VertebraStatus;
  readonly seconds?: number;
  /** Why it cannot be analysed, or not again. */
  readonly reason?: string;
}

function Status({ status, seconds, reason }: StatusProps) {
  const strings = useStrings();
  const { vertebraList } = strings;
  const took = seconds === undefined ? '' : ` ${vertebraList.took(shortDuration(seconds, strings))}`;
  const quiet = status === 'not-analysed' || status === 'excluded';
  return (
    <span
      data-cy={status === 'outdated' ? 'outdated' : 'status'}
      title={[`${vertebraList.statusHelp[status]}${took}`, reason].filter(Boolean).join(' ')}
      data-seconds={seconds}
      className={`whitespace-nowrap ${quiet ? 'text-muted-foreground' : 'text-foreground'}`}
      style={{ color: STATUS_COLOUR[status] }}
    >
      {vertebraList.status[status]}
      {status === 'reviewed' && ' ✓'}
      {took && status !== 'running' && (
        <span className="text-muted-foreground"> {shortDuration(seconds!, strings)}</span>
      )}
    </span>
  );
}
