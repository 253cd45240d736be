export * from './labelSchemes';
export * from './levels';
