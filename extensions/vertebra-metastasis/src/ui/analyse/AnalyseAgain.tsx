import { Button } from '@ohif/ui-next';
import { Dialog } from '../controls/Dialog';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Asks what becomes of a person's work before vertebrae are analysed again. */
export function AnalyseAgain({ state: { asked, vertebrae }, actions }: TabProps) {
  const { again: texts } = useStrings().review;
  if (!asked) return null;
  const rows = vertebrae.reading.status === 'ready' ? vertebrae.reading.value : [];
  const levels = rows.filter(({ label }) => asked.includes(label)).map(({ level }) => level);
  return (
    <Dialog title={texts.title} dataCy="analyse-again" onClose={actions.dismissQuestion}>
      <p className="pb-3">{texts.text(levels.join(', '))}</p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" dataCY="again-keep" onClick={() => actions.analyse(asked, 'keep')}>
          {texts.keep}
        </Button>
        <Button size="sm" variant="secondary" dataCY="again-replace" onClick={() => actions.analyse(asked, 'replace')}>
          {texts.replace}
        </Button>
        <Button size="sm" variant="ghost" dataCY="again-cancel" onClick={actions.dismissQuestion}>
          {texts.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
