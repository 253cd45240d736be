import { PRESET_IDS, presetOf, PRESETS, SCREEN_BELOW } from '../../core/study';
import { parseSliceChoice, sliceChoiceId } from '../controls/format';
import { Picker } from '../controls/Picker';
import { Setting } from '../controls/Setting';
import type { Choice, PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';
import { toldTime } from './ExpectedTime';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'setSettings'>;
}

const SHOWN_SAMPLERS = ['fast', 'thorough', 'reference'] as const;

/** How thoroughly the bodies are searched. */
export function SettingsSection({ state: { settings, run, expected }, actions }: Props) {
  const strings = useStrings();
  const preset = presetOf(settings);
  const presets: Choice[] = PRESET_IDS.map(id => {
    const name = strings.presets[id];
    const told = expected && toldTime(expected.presets[id], expected.settled, strings);
    return { id, label: told ? strings.presetTime(name, told) : name };
  });
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
      <Setting label={strings.preset} help={strings.presetHelp}>
        <Picker
          label={strings.preset}
          choices={preset ? presets : [...presets, { id: 'own', label: strings.presetOwn }]}
          selected={preset ?? 'own'}
          onSelect={id => {
            const chosen = PRESET_IDS.find(one => one === id);
            if (chosen) actions.setSettings(PRESETS[chosen]);
          }}
          disabled={disabled}
          dataCy="preset"
        />
      </Setting>
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
