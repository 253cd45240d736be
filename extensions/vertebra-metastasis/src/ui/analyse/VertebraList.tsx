import { useMemo, useState } from 'react';
import { Hint } from '../controls/Hint';
import { canAnalyse, type TabProps } from '../state/state';
import { useStrings } from '../strings';
import { arrowKey, STICKY_HEAD } from '../controls/tableRows';
import { Tick } from '../controls/Tick';
import type { VertebraOrder } from '../state/focus';
import { vertebraListRows } from '../state/vertebraList';
import { VertebraListRow } from './VertebraListRow';

/** Longer lists show only the selected vertebra while one is: the lesions below are what is read then. */
const SHORT_LIST = 8;

/** All vertebrae of the chosen source, one line each: the map of the review. */
export function Strip({ state, actions }: TabProps) {
  const strings = useStrings();
  const { vertebrae, review, lesions, run, order, focus } = state;
  const [all, setAll] = useState(false);
  const atWork = run.status === 'running' ? run.progress?.label : undefined;
  const rows = useMemo(
    () => vertebraListRows({ vertebrae, review, lesions, run, order }),
    // Of the run only the vertebra at work matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [vertebrae, review, lesions, order, atWork]
  );
  if (rows.length === 0) return null;
  const busy = run.status === 'running';
  const shown = rows.some(({ label }) => label === focus.label);
  const long = shown && rows.length > SHORT_LIST;
  const listed = long && !all ? rows.filter(({ label }) => label === focus.label) : rows;
  const stop = shown ? focus.label : rows[0].label;
  const shared = { busy, canAnalyse: canAnalyse(state), actions };
  return (
    <section aria-label={strings.vertebrae} className="border-input border-b">
      <div>
        <table
          className="w-full text-sm"
          aria-label={strings.vertebraList.label}
          data-cy="vertebra-list"
          data-order={order}
          onKeyDown={event => arrowKey(event, actions.nextVertebra)}
        >
          <thead className="bg-background text-muted-foreground" style={STICKY_HEAD}>
            <tr style={{ height: '1.625rem' }}>
              <th className="pl-2 text-left font-normal">
                <IncludeAll rows={rows} busy={busy} include={actions.include} />
              </th>
              <Sortable order="level" state={state} onSort={actions.setOrder} />
              <Sortable order="suspicion" state={state} onSort={actions.setOrder} />
              <th className="text-left font-normal">{strings.vertebraList.kind}</th>
              <th className="pr-2 text-right font-normal">{strings.vertebraList.volume}</th>
              <th className="text-left font-normal">{strings.vertebraList.state}</th>
              <th aria-label={strings.vertebraList.include} />
            </tr>
          </thead>
          <tbody>
            {listed.map(row => (
              <VertebraListRow
                key={row.label}
                {...row}
                {...shared}
                selected={row.label === focus.label}
                tabStop={row.label === stop}
              />
            ))}
          </tbody>
        </table>
        {long && (
          <button
            type="button"
            data-cy="all-vertebrae"
            aria-expanded={listed.length === rows.length}
            className="text-primary h-6 px-3 text-sm"
            onClick={() => setAll(!all)}
          >
            {listed.length === rows.length
              ? strings.vertebraList.onlySelected
              : strings.vertebraList.showAll(rows.length)}
          </button>
        )}
      </div>
    </section>
  );
}

function Sortable({
  order,
  state,
  onSort,
}: Pick<TabProps, 'state'> & { order: VertebraOrder; onSort(order: VertebraOrder): void }) {
  const { vertebraList } = useStrings();
  const sorted = state.order === order;
  const level = order === 'level';
  return (
    <th className="text-left font-normal" aria-sort={sorted ? (level ? 'ascending' : 'descending') : 'none'}>
      <Hint text={level ? vertebraList.sortLevel : vertebraList.sortSuspicion}>
        <button
          type="button"
          data-cy={`sort-${order}`}
          className={`h-6 ${sorted ? 'text-foreground' : 'text-primary'}`}
          onClick={() => onSort(order)}
        >
          {level ? vertebraList.level : vertebraList.probability}
          <span aria-hidden style={{ visibility: sorted ? 'visible' : 'hidden' }}>
            {' ↓'}
          </span>
        </button>
      </Hint>
    </th>
  );
}

function IncludeAll({
  rows,
  busy,
  include,
}: {
  rows: ReturnType<typeof vertebraListRows>;
  busy: boolean;
  include(label: number, included: boolean): void;
}) {
  const strings = useStrings();
  const open = rows.filter(({ selectable }) => selectable);
  const all = open.length > 0 && open.every(({ included }) => included);
  return (
    <Tick
      name={all ? strings.includeNone : strings.includeAll}
      dataCy="include-all"
      title={all ? strings.includeNone : strings.includeAll}
      checked={all}
      disabled={busy || open.length === 0}
      onChange={() => open.forEach(({ label }) => include(label, !all))}
    />
  );
}
