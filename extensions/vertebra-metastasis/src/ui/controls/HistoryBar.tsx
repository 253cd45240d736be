import type { Review } from '../state/review';
import type { PanelActions } from '../state/state';
import { useStrings } from '../strings';

/** Undo, redo, and the way to the sheet of keys. */
export function HistoryBar({
  review,
  actions,
  help,
  onHelp,
}: {
  review: Review;
  actions: Pick<PanelActions, 'undo' | 'redo'>;
  /** Whether the sheet of keys is open. */
  help: boolean;
  onHelp(): void;
}) {
  const { review: texts } = useStrings();
  return (
    <div className="text-primary flex gap-4 text-sm">
      <button
        type="button"
        data-cy="undo"
        title={texts.undoHelp}
        disabled={!review.canUndo}
        className="h-6 disabled:opacity-50"
        onClick={actions.undo}
      >
        {texts.undo}
      </button>
      <button
        type="button"
        data-cy="redo"
        title={texts.redoHelp}
        disabled={!review.canRedo}
        className="h-6 disabled:opacity-50"
        onClick={actions.redo}
      >
        {texts.redo}
      </button>
      <button type="button" data-cy="help" aria-expanded={help} className="ml-auto h-6" onClick={onHelp}>
        {texts.helpOpen}
      </button>
    </div>
  );
}
