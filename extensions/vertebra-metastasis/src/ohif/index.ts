export { commandsModule } from './commands';
export { type Configuration, parseConfiguration } from './host/configuration';
export { EXTENSION_ID } from './host/extensionId';
export { spineProtocol, WANTED_CT } from './host/hangingProtocol';
export type { HostContext } from './host/host';
export { PanelHost } from './PanelHost';
export { ModeSession } from './modeSession';
