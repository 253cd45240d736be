import { type KeyboardEvent, useRef } from 'react';
import { TAB_IDS, type TabId } from '../state/state';
import { useStrings } from '../strings';

export const tabElementId = (id: TabId) => `spine-tab-${id}`;
export const tabPanelElementId = (id: TabId) => `spine-tabpanel-${id}`;

interface Props {
  selected: TabId;
  onSelect(id: TabId): void;
}

/** The panel's tabs (WAI-ARIA tabs pattern): one stop of the Tab key, arrows, Home and End move and select. */
export function TabList({ selected, onSelect }: Props) {
  const strings = useStrings();
  const buttons = useRef<Partial<Record<TabId, HTMLButtonElement | null>>>({});
  const move = (event: KeyboardEvent) => {
    const next = neighbourTab(selected, event.key);
    if (!next) return;
    event.preventDefault();
    onSelect(next);
    buttons.current[next]?.focus();
  };
  return (
    <div role="tablist" aria-label={strings.tabsLabel} className="border-input flex border-b px-1" onKeyDown={move}>
      {TAB_IDS.map(id => (
        <button
          key={id}
          ref={element => {
            buttons.current[id] = element;
          }}
          type="button"
          role="tab"
          id={tabElementId(id)}
          data-cy={`tab-${id}`}
          aria-selected={id === selected}
          aria-controls={tabPanelElementId(id)}
          tabIndex={id === selected ? 0 : -1}
          className={`h-8 min-w-0 flex-1 truncate px-1 text-sm ${id === selected ? 'text-foreground' : 'text-muted-foreground'}`}
          // A border is drawn in forced colours as well.
          style={{ borderBottom: id === selected ? '2px solid hsl(var(--primary))' : 'none' }}
          onClick={() => onSelect(id)}
        >
          {strings.tabs[id]}
        </button>
      ))}
    </div>
  );
}

/** The tab a key leads to, wrapping around; undefined for keys that do not move. */
export function neighbourTab(selected: TabId, key: string): TabId | undefined {
  const at = TAB_IDS.indexOf(selected);
  const last = TAB_IDS.length - 1;
  const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[key];
  return target === undefined ? undefined : TAB_IDS[(target + TAB_IDS.length) % TAB_IDS.length];
}
