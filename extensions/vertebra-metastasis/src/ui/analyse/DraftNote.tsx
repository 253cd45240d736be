import { Button } from '@ohif/ui-next';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Offers work that was left behind unsaved; it waits until the user has decided. */
export function DraftNote({ state: { draft }, actions }: TabProps) {
  const { draft: texts } = useStrings();
  if (!draft) return null;
  return (
    <div role="alert" data-cy="draft" className="border-input space-y-1.5 border-b px-3 py-2">
      <p className="text-foreground text-sm">
        {texts.found(new Date(draft.at).toLocaleString(texts.locale), draft.vertebrae)}
        {draft.unfinished.length > 0 && ` ${texts.unfinished(draft.unfinished.join(', '))}`}
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="secondary" className="flex-1" dataCY="draft-resume" onClick={actions.resumeDraft}>
          {texts.resume}
        </Button>
        <Button size="sm" variant="ghost" className="flex-1" dataCY="draft-discard" onClick={actions.discardDraft}>
          {texts.discard}
        </Button>
      </div>
    </div>
  );
}
