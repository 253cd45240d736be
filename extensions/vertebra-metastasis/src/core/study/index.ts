export * from './analyse';
export * from './engine';
export * from './lesions';
export * from './measure';
export * from './progress';
export * from './report';
export * from './slices';
export * from './types';
