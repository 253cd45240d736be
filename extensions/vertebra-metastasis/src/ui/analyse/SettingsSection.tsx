import { SCREEN_BELOW } from '../../core';
import { parseSliceChoice, sliceChoiceId } from '../controls/format';
import { Picker } from '../controls/Picker';
import { Setting } from '../controls/Setting';
import type { Choice, PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'setSettings'>;
}

const SHOWN_SAMPLERS = ['fast', 'thorough', 'reference'] as const;

/** How thoroughly the bodies are searched. */
export function SettingsSection({ state: { settings, run }, actions }: Props) {
  const strings = useStrings();
  const slices: Choice[] = [
    { id: 'all', label: strings.slicesAll },
    ...[2, 3, 4, 6].map(n => ({ id: `every-${n}`, label: strings.slicesEvery(n) })),
    { id: 'central', label: strings.slicesCentral },
  ];
  const searches: Choice[] = [
    { id: 'suspicious', label: strings.searchSuspicious },
    { id: 'everything', label: strings.searchEverything },
  ];
  const samplers: Choice[] = [
    { id: 'fast', label: strings.samplerFast },
    { id: 'thorough', label: strings.samplerThorough },
    { id: 'reference', label: strings.samplerReference },
  ];
  const disabled = run.status === 'running';
  return (
    <>
      <Setting label={strings.slices} help={strings.slicesHelp}>
        <Picker
          label={strings.slices}
          choices={slices}
          selected={sliceChoiceId(settings.slices)}
          onSelect={id => actions.setSettings({ slices: parseSliceChoice(id) })}
          disabled={disabled}
          dataCy="slices"
        />
      </Setting>
      <Setting label={strings.search} help={strings.searchHelp}>
        <Picker
          label={strings.search}
          choices={searches}
          selected={settings.screenBelow > 0 ? 'suspicious' : 'everything'}
          onSelect={id => actions.setSettings({ screenBelow: id === 'everything' ? 0 : SCREEN_BELOW })}
          disabled={disabled}
          dataCy="search"
        />
      </Setting>
      <Setting label={strings.sampler} help={strings.samplerHelp}>
        <Picker
          label={strings.sampler}
          choices={samplers}
          selected={settings.sampler}
          onSelect={id => actions.setSettings({ sampler: SHOWN_SAMPLERS.find(one => one === id) ?? 'fast' })}
          disabled={disabled}
          dataCy="sampler"
        />
      </Setting>
    </>
  );
}
