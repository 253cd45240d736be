import { useMemo } from 'react';
import { Hint } from '../controls/Hint';
import { canAnalyse, type TabProps } from '../state/state';
import { useStrings } from '../strings';
import { arrowKey } from '../controls/tableRows';
import { type StripOrder, stripRows } from '../state/vertebraRows';
import { StripRow } from './VertebraListRow';

/** The whole spine while nothing is looked at, then a window on it: in a window 800 pixels high both rows of images still fit below. */
const HEIGHT = { overview: '60vh', beside: 'clamp(4.9rem, 36vh - 13rem, 16rem)' };

/** All vertebrae of the chosen source, one line each: the map of the review. */
export function Strip({ state, actions }: TabProps) {
  const strings = useStrings();
  const { vertebrae, review, lesions, run, order, focus } = state;
  const atWork = run.status === 'running' ? run.progress?.label : undefined;
  const rows = useMemo(
    () => stripRows({ vertebrae, review, lesions, run, order }),
    // Of the run only the vertebra at work matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [vertebrae, review, lesions, order, atWork]
  );
  if (rows.length === 0) return null;
  const busy = run.status === 'running';
  const shown = rows.some(({ label }) => label === focus.label);
  const stop = shown ? focus.label : rows[0].label;
  const shared = { busy, canAnalyse: canAnalyse(state), actions };
  return (
    <section aria-label={strings.vertebrae} className="border-input border-b">
      <div
        className="ohif-scrollbar overflow-y-auto overflow-x-hidden"
        style={{ maxHeight: shown ? HEIGHT.beside : HEIGHT.overview }}
      >
        <table
          className="w-full text-xs"
          aria-label={strings.strip.label}
          data-cy="strip"
          data-order={order}
          onKeyDown={event => arrowKey(event, actions.nextVertebra)}
        >
          <thead className="bg-background text-muted-foreground" style={{ position: 'sticky', top: 0, zIndex: 1 }}>
            <tr style={{ height: '1.625rem' }}>
              <th className="text-left font-normal" style={{ paddingLeft: '0.75rem' }}>
                <IncludeAll rows={rows} busy={busy} include={actions.include} />
              </th>
              <Sortable order="level" state={state} onSort={actions.setOrder} />
              <Sortable order="suspicion" state={state} onSort={actions.setOrder} />
              <th className="text-left font-normal">{strings.strip.kind}</th>
              <th className="pr-2 text-right font-normal">{strings.strip.volume}</th>
              <th className="text-left font-normal">{strings.strip.state}</th>
              <th aria-label={strings.strip.include} />
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <StripRow
                key={row.label}
                {...row}
                {...shared}
                selected={row.label === focus.label}
                tabStop={row.label === stop}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Sortable({
  order,
  state,
  onSort,
}: Pick<TabProps, 'state'> & { order: StripOrder; onSort(order: StripOrder): void }) {
  const { strip } = useStrings();
  const sorted = state.order === order;
  const level = order === 'level';
  return (
    <th className="text-left font-normal" aria-sort={sorted ? (level ? 'ascending' : 'descending') : 'none'}>
      <Hint text={level ? strip.sortLevel : strip.sortSuspicion}>
        <button
          type="button"
          data-cy={`sort-${order}`}
          className={sorted ? 'text-foreground' : 'text-primary'}
          onClick={() => onSort(order)}
        >
          {level ? strip.level : strip.probability}
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
  rows: ReturnType<typeof stripRows>;
  busy: boolean;
  include(label: number, included: boolean): void;
}) {
  const strings = useStrings();
  const open = rows.filter(({ selectable }) => selectable);
  const all = open.length > 0 && open.every(({ included }) => included);
  return (
    <input
      type="checkbox"
      className="block h-4 w-4"
      style={{ accentColor: 'hsl(var(--primary))' }}
      data-cy="include-all"
      aria-label={all ? strings.includeNone : strings.includeAll}
      title={all ? strings.includeNone : strings.includeAll}
      checked={all}
      disabled={busy || open.length === 0}
      onChange={() => open.forEach(({ label }) => include(label, !all))}
    />
  );
}
