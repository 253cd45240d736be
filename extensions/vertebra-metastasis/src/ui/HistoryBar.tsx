import { type KeyboardEvent, useState } from 'react';
import type { Review } from './review';
import type { PanelActions } from './state';
import { useStrings } from './strings';

type HistoryActions = Pick<PanelActions, 'undo' | 'redo'>;

/** Undo, redo and the sheet of keys. */
export function HistoryBar({ review, actions }: { review: Review; actions: HistoryActions }) {
  const { review: texts } = useStrings();
  const [help, setHelp] = useState(false);
  return (
    <div className="text-xs">
      <div className="text-primary flex gap-4">
        <button
          type="button"
          data-cy="undo"
          title={texts.undoHelp}
          disabled={!review.canUndo}
          className="disabled:opacity-50"
          onClick={actions.undo}
        >
          {texts.undo}
        </button>
        <button
          type="button"
          data-cy="redo"
          title={texts.redoHelp}
          disabled={!review.canRedo}
          className="disabled:opacity-50"
          onClick={actions.redo}
        >
          {texts.redo}
        </button>
        <button type="button" data-cy="help" aria-expanded={help} className="ml-auto" onClick={() => setHelp(!help)}>
          {texts.helpOpen}
        </button>
      </div>
      {help && (
        <dl data-cy="help-sheet" aria-label={texts.helpTitle} className="text-foreground space-y-1 py-2">
          {texts.keys.map(([keys, what]) => (
            <div key={keys} className="flex gap-2">
              <dt className="font-mono w-32 flex-shrink-0">{keys}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z within the panel; "?" opens the sheet of keys. */
export function historyKey(event: KeyboardEvent<HTMLElement>, actions: HistoryActions): void {
  const command = event.ctrlKey || event.metaKey;
  if (event.key === '?') event.currentTarget.querySelector<HTMLElement>('[data-cy="help"]')?.click();
  else if (command && event.key.toLowerCase() === 'z') (event.shiftKey ? actions.redo : actions.undo)();
  else return;
  // The host's own undo would take back a brush stroke that is a step of ours already.
  event.preventDefault();
  event.stopPropagation();
}

/** Fields for text have an undo of their own. */
export function isText(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
}
