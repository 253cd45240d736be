import { createElement } from 'react';
import {
  commandsModule,
  type Configuration,
  EXTENSION_ID,
  type HostContext,
  PanelHost,
  parseConfiguration,
  spineProtocol,
  ModeSession,
  WANTED_CT,
} from './ohif';

let configuration: Configuration | undefined;
const modeSession = new ModeSession(() => (configuration ??= parseConfiguration(undefined)));

export default {
  id: EXTENSION_ID,
  /** @param context.configuration the second element of the extension's entry in app-config */
  preRegistration({ configuration: given, servicesManager }: Partial<HostContext> & { configuration?: unknown }) {
    configuration = parseConfiguration(given);
    const { hangingProtocolService, displaySetService } = servicesManager?.services ?? {};
    hangingProtocolService?.addCustomAttribute(WANTED_CT, 'CT that Spine Oncology analyses', displaySet =>
      modeSession.isWantedCt(displaySet, displaySetService?.getActiveDisplaySets() ?? [])
    );
  },
  onModeExit: () => void modeSession.end(),
  getPanelModule: (host: HostContext) => [
    {
      name: 'vertebraMetastasis',
      iconName: 'tab-segmentation',
      iconLabel: 'Spine',
      label: 'Spine Oncology',
      component: () => createElement(PanelHost, { modeSession, host }),
    },
  ],
  getCommandsModule: () => commandsModule(modeSession),
  getHangingProtocolModule: () => [{ name: spineProtocol.id, protocol: spineProtocol }],
};
