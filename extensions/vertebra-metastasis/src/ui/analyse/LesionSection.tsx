import { Button } from '@ohif/ui-next';
import { millilitres } from '../controls/format';
import { Hint } from '../controls/Hint';
import { KindMark } from '../controls/KindMark';
import { Muted, ProblemNote } from '../controls/Notes';
import { Section } from '../controls/Section';
import type { LesionResult, LesionRow, PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'save' | 'goToLesion' | 'exportFile'>;
}

/** The segmentation that will be, or was, saved. */
export function LesionSection({ state: { lesions, lesionsProblem }, actions }: Props) {
  const strings = useStrings();
  return (
    <Section title={strings.lesions} aside={lesions && lesions.rows.length > 0 && <Totals rows={lesions.rows} />}>
      {lesionsProblem && <ProblemNote problem={lesionsProblem} />}
      {!lesions && <Muted>{strings.lesionsBefore}</Muted>}
      {lesions && <Origin lesions={lesions} />}
      {lesions && lesions.rows.length === 0 && <Muted data-cy="no-lesions">{strings.lesionsNone}</Muted>}
      {lesions && lesions.rows.length > 0 && (
        <ul data-cy="lesions">
          {lesions.rows.map(row => (
            <LesionItem key={row.index} row={row} onShow={() => actions.goToLesion(row.index)} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** The archive cannot hold the result: a file is the way out. */
const NEEDS_FILE: readonly string[] = ['store-without-review', 'store-changed', 'no-store'];

/** Save and its outcome; a refused store can be tried again. */
export function SaveBar({ state: { lesions, run }, actions }: Props) {
  const strings = useStrings();
  if (!lesions) return null;
  const { saving, rows } = lesions;
  const busy = saving.status === 'saving' || run.status === 'running';
  return (
    <div className="min-w-0 flex-1 space-y-1" data-cy="save-bar" data-status={saving.status}>
      {saving.status !== 'saved' && (
        <Hint text={strings.saveHelp}>
          <Button variant="secondary" className="w-full" dataCY="save-seg" disabled={busy} onClick={actions.save}>
            {saving.status === 'saving'
              ? strings.saving
              : saving.status === 'failed'
                ? strings.saveAgain
                : strings.save}
          </Button>
        </Hint>
      )}
      {rows.length === 0 && saving.status !== 'saved' && (
        <Muted data-cy="save-without-lesion">{strings.exports.withoutLesion}</Muted>
      )}
      {saving.status === 'failed' && (
        <ProblemNote problem={saving.problem}>
          {NEEDS_FILE.includes(saving.problem.code) && (
            <Button
              variant="ghost"
              size="sm"
              dataCY="download-unsaved"
              onClick={() => actions.exportFile('lesions', 'download')}
            >
              {strings.exports.download}
            </Button>
          )}
        </ProblemNote>
      )}
      {saving.status === 'saved' && <Muted data-cy="saved">{strings.saved(saving.seriesDescription)}</Muted>}
    </div>
  );
}

function Origin({ lesions: { origin, algorithmType, saving } }: { lesions: LesionResult }) {
  const strings = useStrings();
  const parts = [
    origin === 'stored' ? strings.fromStored : strings.fromAnalysis,
    ...(algorithmType === 'SEMIAUTOMATIC' ? [strings.edited] : []),
    ...(saving.status === 'unsaved' ? [strings.unsaved] : []),
  ];
  return (
    <Muted data-cy="lesion-origin" data-algorithm={algorithmType}>
      {parts.join(' · ')}
    </Muted>
  );
}

function LesionItem({ row, onShow }: { row: LesionRow; onShow(): void }) {
  const strings = useStrings();
  return (
    <li>
      <Hint text={strings.lesionHelp}>
        <button
          type="button"
          data-cy="lesion-row"
          data-segment={row.index}
          data-voxels={row.voxels}
          onClick={onShow}
          className="text-foreground hover:bg-primary/25 flex w-full items-center gap-2 rounded px-1 py-0.5 text-sm"
        >
          <span className="w-8 text-left font-semibold">{row.level}</span>
          <KindMark kind={row.kind} withText />
          <span className="ml-auto">{strings.lesionVolume(strings.number(millilitres(row.millilitres)))}</span>
          <span className="text-muted-foreground w-10 text-right text-xs">
            {strings.number(row.score?.toFixed(2) ?? '')}
          </span>
        </button>
      </Hint>
    </li>
  );
}

function Totals({ rows }: { rows: readonly LesionRow[] }) {
  const strings = useStrings();
  const total = (kind: LesionRow['kind']) =>
    strings.number(millilitres(rows.filter(row => row.kind === kind).reduce((sum, row) => sum + row.millilitres, 0)));
  return (
    <Hint text={strings.lesionTotalHelp}>
      <span className="text-foreground text-xs" data-cy="lesion-totals" tabIndex={0}>
        {strings.lesionTotal(total('lytic'), total('blastic'))}
      </span>
    </Hint>
  );
}
