export * from './affine';
export * from './backProject';
export * from './crop';
export * from './gridOutline';
export * from './labels';
export * from './patch';
export * from './sample';
export * from './volume';
