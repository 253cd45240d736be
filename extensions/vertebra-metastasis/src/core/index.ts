export * from './types';
export * from './kinds';
export * from './method';
export * from './geometry';
export * from './study';
export * from './burden';
export * from './prior';
export * from './vertebrae';
