/** Every state of the tabs, one after the other. Runs in the browser. */
import type { PanelState } from '../../../extensions/vertebra-metastasis/src/ui';
import { FINDINGS_STATES } from './findingsStates';
import { mountPanel } from './mount';
import { STATES as ANALYSE_STATES } from './states';

const STATES = { ...ANALYSE_STATES, ...FINDINGS_STATES };

const panel = mountPanel();

interface HostWindow {
  /** Names of the states, in their order. */
  spineStates: string[];
  showSpineState(name: string, language: string): void;
}

Object.assign(globalThis as unknown as HostWindow, {
  spineStates: Object.keys(STATES),
  showSpineState: (name: string, language: string) => panel.draw(STATES[name] as PanelState, language, name),
});
