export * from './align';
export * from './compare';
export * from './types';
export * from './totals';
