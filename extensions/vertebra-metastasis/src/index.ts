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
} from './ohif';

let configuration: Configuration | undefined;
const modeSession = new ModeSession(() => (configuration ??= parseConfiguration(undefined)));

export default {
  id: EXTENSION_ID,
  /** @param context.configuration the second element of the extension's entry in app-config */
  preRegistration({ configuration: given }: { configuration?: unknown }) {
    configuration = parseConfiguration(given);
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
