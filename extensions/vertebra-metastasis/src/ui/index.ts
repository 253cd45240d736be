export * from './candidates';
export * from './colours';
export * from './exports';
export { Panel } from './Panel';
export * from './findings';
export * from './planning';
export * from './findState';
export * from './state';
export { stringsFor, type Strings } from './strings';
