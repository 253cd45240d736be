import { useEffect, useState } from 'react';
import { FindVertebrae } from './FindVertebrae';
import { SESSION_VERTEBRAE_ID } from '../state/findState';
import { ChevronIcon } from '../controls/icons';
import { ModelSection, Provider } from './ModelSection';
import { SettingsSection } from './SettingsSection';
import type { PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';
import { CtSection, VertebraSourceSection } from './StudySection';

interface Props {
  state: PanelState;
  actions: PanelActions;
}

/**
 * What is analysed, with what and how. Folds away when an analysis starts, vertebrae are sought or there is a result;
 * opens by itself when something is wrong. Finding vertebrae stays in sight while it has something to say.
 */
export function Setup({ state, actions }: Props) {
  const strings = useStrings();
  const { ct, model, vertebrae, run, find, lesions } = state;
  const [open, setOpen] = useState(true);
  const running = run.status === 'running';
  // The list of vertebrae needs the room.
  const finding = find.tool || find.work !== undefined;
  const result = lesions !== undefined;
  useEffect(() => {
    if (running || finding || result) setOpen(false);
  }, [running, finding, result]);
  const wrong = [ct.reading, vertebrae.reading, model.loading].some(({ status }) => status === 'error');
  const shown = open || wrong;
  const listed = vertebrae.reading.status === 'ready' && vertebrae.selected !== SESSION_VERTEBRAE_ID;
  return (
    <div data-cy="setup" data-open={shown}>
      <div className="border-input flex h-8 items-center justify-between gap-2 border-b px-3">
        <button
          type="button"
          data-cy="setup-toggle"
          aria-expanded={shown}
          aria-label={strings.setupToggle}
          className="text-muted-foreground flex h-6 min-w-0 flex-1 items-center gap-1.5 text-left text-sm"
          onClick={() => setOpen(!shown)}
        >
          <ChevronIcon open={shown} />
          <span className="uppercase tracking-wide">{strings.setup}</span>
          {!shown && model.loading.status === 'ready' && (
            <span className="text-foreground truncate">{model.loading.value.name}</span>
          )}
        </button>
        {model.loading.status === 'ready' && <Provider model={model.loading.value} />}
      </div>
      {shown && (
        <section aria-label={strings.setup} className="border-input space-y-1.5 border-b px-3 py-2">
          <CtSection state={state} actions={actions} />
          <VertebraSourceSection state={state} actions={actions} />
          <ModelSection state={state} actions={actions} />
          <SettingsSection state={state} actions={actions} />
        </section>
      )}
      {(shown || finding || find.problem || !listed) && <FindVertebrae state={state} actions={actions} />}
    </div>
  );
}
