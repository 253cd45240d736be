import { type ComponentType, useEffect, useRef, useState } from 'react';
import { AnalyseAgain } from './analyse/AnalyseAgain';
import { SaveBar } from './analyse/SaveBar';
import { HelpSheet } from './HelpSheet';
import { HistoryBar } from './controls/HistoryBar';
import { type Hover, HoverContext } from './controls/hover';
import { ResearchBanner, UnattendedBanner } from './controls/Notes';
import { panelKey, passHotkey } from './controls/panelKeys';
import { MAP_PX, SpineMap } from './overview/SpineMap';
import { RunBar } from './analyse/RunBar';
import { type PanelActions, type PanelState, TAB_IDS, type TabId, type TabProps } from './state/state';
import { StringsContext, type Strings } from './strings';
import { tabElementId, TabList, tabPanelElementId } from './controls/TabList';
import { AnalyseTab } from './analyse/AnalyseTab';
import { BurdenTab } from './burden/BurdenTab';
import { ExportTab } from './export/ExportTab';
import { PriorTab } from './prior/PriorTab';
import { ReportTab } from './report/ReportTab';

interface Props {
  state: PanelState;
  actions: PanelActions;
  strings: Strings;
  hover: Hover;
}

const CONTENT: Readonly<Record<TabId, ComponentType<TabProps>>> = {
  analyse: AnalyseTab,
  burden: BurdenTab,
  prior: PriorTab,
  report: ReportTab,
  export: ExportTab,
};

/** The whole panel: tabs with results, the next step and unsaved work always in sight below. */
export function Panel({ state, actions, strings, hover }: Props) {
  const [help, setHelp] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const narrow = useIsNarrow(root);
  const { run, lesions } = state;
  // Progress and reasons of a failure need the whole width.
  const stacked = run.status === 'running' || run.status === 'error' || lesions?.saving.status === 'failed';
  return (
    <StringsContext.Provider value={strings}>
      <HoverContext.Provider value={hover}>
        <div
          ref={root}
          data-cy="vertebra-metastasis-panel"
          className="bg-background relative flex h-full min-h-0"
          onKeyDownCapture={passHotkey}
          onKeyDown={event => panelKey(event, actions, () => setHelp(true))}
        >
          {!narrow && <SpineMap state={state} actions={actions} />}
          <div className="flex h-full min-h-0 min-w-0 flex-1 flex-col">
            <ResearchBanner />
            <UnattendedBanner levels={lesions?.notReviewed} />
            <TabList selected={state.tab} onSelect={actions.showTab} />
            {TAB_IDS.map(id => (
              <TabPanel key={id} id={id} state={state} actions={actions} />
            ))}
            <footer className="border-input space-y-2 border-t px-3 py-2">
              <HistoryBar review={state.review} actions={actions} help={help} onHelp={() => setHelp(true)} />
              <div className={stacked ? 'space-y-2' : 'flex gap-2'}>
                <RunBar state={state} actions={actions} />
                <SaveBar state={state} actions={actions} />
              </div>
            </footer>
          </div>
          <AnalyseAgain state={state} actions={actions} />
          {help && <HelpSheet onClose={() => setHelp(false)} />}
        </div>
      </HoverContext.Provider>
    </StringsContext.Provider>
  );
}

/** What the tables need, CSS pixels. */
const TABLES_PX = 340;

/** Whether the map would take room that the tables need: a panel can be dragged narrow. */
function useIsNarrow(root: { readonly current: HTMLElement | null }): boolean {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    if (!root.current) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => setNarrow(contentRect.width < TABLES_PX + MAP_PX));
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root]);
  return narrow;
}

/** The analysis stays mounted while hidden, so that what was unfolded is so on coming back; others are made when shown. */
function TabPanel({ id, state, actions }: TabProps & { id: TabId }) {
  const Content = CONTENT[id];
  const selected = state.tab === id;
  return (
    <div
      role="tabpanel"
      id={tabPanelElementId(id)}
      aria-labelledby={tabElementId(id)}
      data-cy={`tabpanel-${id}`}
      hidden={!selected}
      tabIndex={0}
      className={selected ? 'ohif-scrollbar min-h-0 flex-1 overflow-y-auto overflow-x-hidden' : ''}
    >
      {(selected || id === 'analyse') && <Content state={state} actions={actions} />}
    </div>
  );
}
