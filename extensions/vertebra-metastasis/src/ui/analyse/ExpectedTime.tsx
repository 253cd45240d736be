import { Button } from '@ohif/ui-next';
import { type ExpectedMinutes, LONG_MINUTES, PRESET_IDS, type PresetId, presetOf, PRESETS } from '../../core/study';
import { duration } from '../controls/format';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import type { PanelActions, PanelState } from '../state/state';
import { type Strings, useStrings } from '../strings';
import type { ToldTime } from '../strings/timeEn';

interface Props {
  state: Pick<PanelState, 'expected' | 'settings'>;
  actions: Pick<PanelActions, 'setSettings'>;
}

export const takesLong = ({ expected }: Pick<PanelState, 'expected'>): boolean =>
  (expected?.minutes.typical ?? 0) > LONG_MINUTES;

/** Minutes in words: while the evaluation may have been timed beside other work, as an upper bound alone. */
export function toldTime({ typical, most }: ExpectedMinutes, settled: boolean, strings: Strings): ToldTime {
  const told = (minutes: number) => duration(60 * minutes, strings);
  return { ...(settled ? { typical: told(typical) } : {}), most: told(most) };
}

/** What a vertebra will take with the settings chosen, unless the list of presets says so; where that is long, the way out. */
export function ExpectedTime({ state, actions }: Props) {
  const strings = useStrings();
  const { expected, settings } = state;
  if (!expected) return null;
  const told = toldTime(expected.minutes, expected.settled, strings);
  if (!takesLong(state)) {
    if (presetOf(settings)) return null;
    return (
      <Hint text={strings.expectedTimeHelp}>
        <div tabIndex={0} data-cy="expected-time" data-minutes={expected.minutes.typical}>
          <Muted>{strings.expectedTime(told)}</Muted>
        </div>
      </Hint>
    );
  }
  // The most thorough of the quicker ones; where all are long, the quickest.
  const typical = (id: PresetId) => expected.presets[id].typical;
  const quicker = PRESET_IDS.filter(id => typical(id) < expected.minutes.typical);
  const instead = [...quicker].reverse().find(id => typical(id) <= LONG_MINUTES) ?? quicker[0];
  return (
    <div
      role="note"
      data-cy="expected-time"
      data-minutes={expected.minutes.typical}
      data-long="true"
      className="text-foreground rounded border px-2 py-1.5 text-sm"
      style={{ borderColor: 'rgb(234 179 8 / 0.7)', background: 'rgb(234 179 8 / 0.08)' }}
    >
      {strings.expectedLong(told)}
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
          {strings.expectedInstead(strings.presets[instead], duration(60 * typical(instead), strings))}
        </Button>
      )}
    </div>
  );
}
