import { Button } from '@ohif/ui-next';
import { LONG_MINUTES, PRESET_IDS, presetOf, PRESETS } from '../../core/study';
import { duration } from '../controls/format';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import type { PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: Pick<PanelState, 'expected' | 'settings'>;
  actions: Pick<PanelActions, 'setSettings'>;
}

export const takesLong = ({ expected }: Pick<PanelState, 'expected'>): boolean =>
  (expected?.minutes ?? 0) > LONG_MINUTES;

/** What a vertebra will take with the settings chosen, unless the list of presets says so; where that is long, the way out. */
export function ExpectedTime({ state, actions }: Props) {
  const strings = useStrings();
  const { expected, settings } = state;
  if (!expected) return null;
  const told = (minutes: number) => duration(60 * minutes, strings);
  if (!takesLong(state)) {
    if (presetOf(settings)) return null;
    return (
      <Hint text={strings.expectedTimeHelp}>
        <div tabIndex={0} data-cy="expected-time" data-minutes={expected.minutes}>
          <Muted>{strings.expectedTime(told(expected.minutes))}</Muted>
        </div>
      </Hint>
    );
  }
  // The most thorough of the quicker ones; where all are long, the quickest.
  const quicker = PRESET_IDS.filter(id => expected.presets[id] < expected.minutes);
  const instead = [...quicker].reverse().find(id => expected.presets[id] <= LONG_MINUTES) ?? quicker[0];
  return (
    <div
      role="note"
      data-cy="expected-time"
      data-minutes={expected.minutes}
      data-long="true"
      className="text-foreground rounded border px-2 py-1.5 text-sm"
      style={{ borderColor: 'rgb(234 179 8 / 0.7)', background: 'rgb(234 179 8 / 0.08)' }}
    >
      {strings.expectedLong(told(expected.minutes))}
      {instead && (
        <Button
          variant="secondary"
          size="sm"
          className="mt-1.5"
          // Beside the button that saves there is room for half of the panel.
          style={{ maxWidth: '100%', height: 'auto', minHeight: 28, whiteSpace: 'normal' }}
          dataCY="expected-instead"
          onClick={() => actions.setSettings(PRESETS[instead])}
        >
          {strings.expectedInstead(strings.presets[instead], told(expected.presets[instead]))}
        </Button>
      )}
    </div>
  );
}
