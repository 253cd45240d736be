import { LesionSection, SaveBar } from './LesionSection';
import { ResearchBanner } from './Notes';
import { RunBar } from './RunBar';
import { Setup } from './Setup';
import type { PanelActions, PanelState } from './state';
import { StringsContext, type Strings } from './strings';
import { VertebraList } from './VertebraList';

interface Props {
  state: PanelState;
  actions: PanelActions;
  strings: Strings;
}

/** The whole panel: what is analysed above, results in the middle, the next step always in sight below. */
export function Panel({ state, actions, strings }: Props) {
  return (
    <StringsContext.Provider value={strings}>
      <div data-cy="vertebra-metastasis-panel" className="bg-background flex h-full min-h-0 flex-col">
        <ResearchBanner />
        <div className="ohif-scrollbar min-h-0 flex-1 overflow-y-auto overflow-x-hidden">
          <Setup state={state} actions={actions} />
          <VertebraList state={state} actions={actions} />
          <LesionSection state={state} actions={actions} />
        </div>
        <footer className="border-input space-y-2 border-t px-3 py-2">
          <RunBar state={state} actions={actions} />
          <SaveBar state={state} actions={actions} />
        </footer>
      </div>
    </StringsContext.Provider>
  );
}
