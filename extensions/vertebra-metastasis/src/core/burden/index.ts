export * from './burden';
export * from './coverage';
export * from './notAssessed';
export * from './table';
export * from './types';
