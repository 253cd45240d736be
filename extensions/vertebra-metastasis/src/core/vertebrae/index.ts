export * from './body';
export * from './counting';
export * from './labelSchemes';
export * from './levels';
export * from './locate';
export * from './segment';
export type { BodyMask } from './fit/rasterise';
export type { BodyFit } from './fit/shape';
