export * from './types';
export * from './method';
