export * from './compose';
export * from './decide';
export * from './findings';
export * from './history';
export * from './packing';
export * from './projection';
export * from './state';
export * from './summary';
