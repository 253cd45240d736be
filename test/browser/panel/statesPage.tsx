/** Every state of the Analyse tab, one after the other. Runs in the browser. */
import type { PanelState } from '../../../extensions/vertebra-metastasis/src/ui';
import { mountPanel } from './mount';
import { STATES } from './states';

const panel = mountPanel();

interface HostWindow {
  /** Names of the states, in their order. */
  spineStates: string[];
  showSpineState(name: string, language: string): void;
}

Object.assign(globalThis as unknown as HostWindow, {
  spineStates: Object.keys(STATES),
  showSpineState: (name: string, language: string) => panel.draw(STATES[name] as PanelState, language),
});
