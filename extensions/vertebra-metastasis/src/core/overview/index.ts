export * from './straighten';
export * from './strip';
