export * from './types';
export * from './analysisLesions';
export * from './bridge';
export * from './connect';
export * from './diameters';
export * from './findLesions';
export * from './innerPoint';
export * from './decide';
