import { Button } from '@ohif/ui-next';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import type { PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'save' | 'exportFile'>;
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
