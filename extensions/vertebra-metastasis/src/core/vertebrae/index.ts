export * from './body';
export * from './labelSchemes';
export * from './levels';
