export { commandsModule } from './commands';
export { type Configuration, parseConfiguration } from './configuration';
export { spineProtocol } from './hangingProtocol';
export type { HostContext } from './host';
export { PanelHost } from './PanelHost';
export { Visit } from './visit';
