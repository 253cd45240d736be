import { Button } from '@ohif/ui-next';
import { ProblemNote } from '../controls/Notes';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** What the viewports show is not what is analysed: another series, or slices that could not be loaded. */
export function ImagesNote({ state: { ct, run }, actions }: TabProps) {
  const { images: texts } = useStrings();
  const { hanging, missing } = ct;
  if (!hanging && !missing) return null;
  return (
    <div className="border-input space-y-1.5 border-b px-3 py-2" data-cy="images-note">
      {hanging && (
        <ProblemNote problem={hanging.problem}>
          <Button size="sm" variant="secondary" dataCY="show-analysed-ct" onClick={actions.showCt}>
            {texts.show}
          </Button>
          {hanging.instead.map(({ id, label }) => (
            <Button
              key={id}
              size="sm"
              variant="ghost"
              dataCY="analyse-shown-ct"
              disabled={run.status === 'running'}
              onClick={() => actions.selectCt(id)}
            >
              {texts.analyse(label)}
            </Button>
          ))}
        </ProblemNote>
      )}
      {missing && (
        <ProblemNote problem={missing.problem}>
          <Button
            size="sm"
            variant="secondary"
            dataCY="reload-images"
            disabled={missing.reloading}
            onClick={actions.reloadImages}
          >
            {missing.reloading ? texts.reloading : texts.reload}
          </Button>
        </ProblemNote>
      )}
    </div>
  );
}
