export * from './burden';
export * from './coverage';
export * from './table';
export * from './types';
