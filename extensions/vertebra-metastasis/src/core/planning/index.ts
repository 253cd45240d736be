export * from './bodyShape';
export * from './plan';
export * from './sectors';
export * from './sins';
export * from './stability';
