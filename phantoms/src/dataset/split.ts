/** Which part of the benchmark is made. */
export type Split = 'train' | 'validation' | 'test';
