import { type ReactNode, useMemo, useState } from 'react';
import { chosenLesions, focusedLesion, isUndecided, lesionMillilitresOf, listedLesions } from '../state/lesions';
import { LESION_COLUMNS, type LesionColumn } from '../state/lesionOrder';
import { millilitres } from '../controls/format';
import { Hint } from '../controls/Hint';
import { ChevronIcon } from '../controls/icons';
import { Muted, ProblemNote } from '../controls/Notes';
import type { LesionRow as Row, TabProps } from '../state/state';
import { useStrings } from '../strings';
import { LesionDecisions } from './LesionDecisions';
import { LesionDetail } from './LesionDetail';
import { LesionOrigin, LesionTotals, NextUndecided } from './LesionSummary';
import { LesionTableRow } from './LesionTableRow';

/** The lesions of the study, one row each; the one in focus shows its slices and why it was found. */
export function LesionTable({ state, actions }: TabProps) {
  const strings = useStrings();
  const { lesions, lesionsProblem, lesionOrder, focus } = state;
  const listed = useMemo(() => listedLesions({ lesions, lesionOrder }), [lesions, lesionOrder]);
  const focused = focusedLesion(state);
  const rows = lesions?.rows ?? [];
  const any = rows.length + (lesions?.rejected.length ?? 0) > 0;
  const groups = { state, actions, focused };
  return (
    <section aria-label={strings.lesions} className="border-input border-b" data-cy="lesion-section">
      <div className="flex flex-wrap items-center justify-between gap-2 px-3 pt-2">
        <h3 className="text-muted-foreground text-sm uppercase tracking-wide">{strings.lesions}</h3>
        {rows.length > 0 && <LesionTotals rows={rows} />}
      </div>
      <div className="space-y-1 px-3 pb-1">
        {lesionsProblem && <ProblemNote problem={lesionsProblem} />}
        {!lesions && <Muted>{strings.lesionsBefore}</Muted>}
        {lesions && (
          <div className="flex items-center justify-between gap-2">
            <LesionOrigin lesions={lesions} />
            {any && <NextUndecided open={rows.filter(isUndecided).length} onNext={actions.nextUndecided} />}
          </div>
        )}
        {lesions && rows.length === 0 && <Muted data-cy="no-lesions">{strings.lesionsNone}</Muted>}
      </div>
      {any && (
        <>
          <div className="bg-background px-3 py-1" style={{ position: 'sticky', top: 0, zIndex: 3 }}>
            <LesionDecisions rows={chosenLesions(state)} actions={actions} />
          </div>
          <table
            className="w-full text-sm"
            style={{ tableLayout: 'fixed' }}
            data-cy="lesions"
            aria-label={strings.lesionList.label}
          >
            <Head state={state} actions={actions} />
            <tbody>
              {listed.lesions.map(row => (
                <RowWithDetail key={row.id} row={row} {...groups} />
              ))}
            </tbody>
            <Fold
              {...groups}
              rows={listed.doubted}
              title={strings.lesionList.doubted(listed.doubted.length)}
              help={strings.lesionList.doubtedHelp}
              dataCy="doubted"
            >
              <Hint text={strings.lesionList.rejectDoubtedHelp}>
                <button
                  type="button"
                  data-cy="reject-doubted"
                  className="border-input text-foreground hover:bg-primary/25 h-6 rounded border px-1.5"
                  onClick={actions.rejectDoubted}
                >
                  {strings.lesionList.rejectDoubted(listed.doubted.length)}
                </button>
              </Hint>
            </Fold>
            <Fold
              {...groups}
              rows={listed.rejected}
              title={strings.lesionList.rejectedFold(listed.rejected.length)}
              dataCy="rejected"
            />
          </table>
        </>
      )}
      {focus.selected.length > 1 && (
        <p
          role="status"
          className="text-foreground px-3 py-1 text-sm"
          data-cy="chosen-sum"
          title={strings.lesionList.columnHelp.volume}
        >
          {strings.lesionList.chosen(
            focus.selected.length,
            strings.number(millilitres(lesionMillilitresOf(chosenLesions(state))))
          )}
        </p>
      )}
    </section>
  );
}

const WIDTH: Readonly<Record<LesionColumn, string | undefined>> = {
  name: undefined,
  size: '3.375rem',
  volume: '2.875rem',
  hu: '2.125rem',
  score: '2.625rem',
  slices: '2.125rem',
};

/** Row heads of the columns: sorted by a click, turned round by another. */
function Head({ state: { lesionOrder }, actions }: TabProps) {
  const { lesionList: texts, review } = useStrings();
  const sort = (by: LesionColumn) =>
    actions.setLesionOrder({ by, descending: lesionOrder.by === by ? !lesionOrder.descending : by !== 'name' });
  return (
    <thead className="bg-background text-muted-foreground" style={{ position: 'sticky', top: '2.25rem', zIndex: 2 }}>
      <tr>
        <th aria-label={review.select} style={{ width: '2.125rem' }} />
        {LESION_COLUMNS.map(column => {
          const sorted = lesionOrder.by === column;
          const way = lesionOrder.descending ? 'descending' : 'ascending';
          return (
            <th
              key={column}
              scope="col"
              aria-sort={sorted ? way : 'none'}
              className={`font-normal ${column === 'name' ? 'text-left' : 'text-right'}`}
              style={{ width: WIDTH[column] }}
            >
              <Hint text={texts.columnHelp[column]}>
                <button
                  type="button"
                  data-cy={`sort-lesions-${column}`}
                  className={`h-6 w-full whitespace-nowrap ${sorted ? 'text-foreground' : 'text-primary'}`}
                  style={{ textAlign: 'inherit' }}
                  onClick={() => sort(column)}
                >
                  {texts.columns[column]}
                  {sorted && <span aria-hidden>{lesionOrder.descending ? '↓' : '↑'}</span>}
                </button>
              </Hint>
            </th>
          );
        })}
        <th aria-label={review.decideLabel} style={{ width: '1.625rem' }} />
      </tr>
    </thead>
  );
}

const COLUMNS = LESION_COLUMNS.length + 2;

interface GroupProps extends TabProps {
  readonly focused: Row | undefined;
}

function RowWithDetail({ row, state, actions, focused }: GroupProps & { row: Row }) {
  const isFocused = row.id === focused?.id;
  return (
    <>
      <LesionTableRow
        row={row}
        focused={isFocused}
        tabStop={focused === undefined || isFocused}
        selected={state.focus.selected.includes(row.id)}
        actions={actions}
      />
      {isFocused && (
        <tr data-cy="lesion-detail">
          <td colSpan={COLUMNS} className="bg-primary/20 px-3 pb-2">
            <LesionDetail row={row} state={state} actions={actions} />
          </td>
        </tr>
      )}
    </>
  );
}

interface FoldProps extends GroupProps {
  readonly rows: readonly Row[];
  readonly title: string;
  readonly help?: string;
  readonly dataCy: string;
  /** Beside the title. */
  readonly children?: ReactNode;
}

/** Rows that are folded away; the one in focus unfolds them. */
function Fold({ rows, title, help, dataCy, children, ...group }: FoldProps) {
  const [opened, setOpened] = useState(false);
  if (rows.length === 0) return null;
  const open = opened || rows.some(({ id }) => id === group.focused?.id);
  return (
    <tbody data-cy={dataCy} data-count={rows.length} className="border-input border-t">
      <tr>
        <th colSpan={COLUMNS} scope="rowgroup" className="px-3 py-1 text-left font-normal">
          <span className="flex items-center justify-between gap-2">
            <button
              type="button"
              aria-expanded={open}
              title={help}
              className="text-foreground inline-flex h-6 items-center gap-1"
              onClick={() => setOpened(!open)}
            >
              <ChevronIcon open={open} />
              {title}
            </button>
            {children}
          </span>
        </th>
      </tr>
      {open && rows.map(row => <RowWithDetail key={row.id} row={row} {...group} />)}
    </tbody>
  );
}
