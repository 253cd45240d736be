/** Deterministic phantoms: vertebrae with metastases and mimics for training and evaluation, and the viewer's demo study. */
export { planSynthetic } from './dataset/plan';
export { makeSyntheticSample } from './dataset/synthetic';
export { TRUTH, type Sample } from './dataset/sample';
export { MANIFEST_COLUMNS } from './dataset/write';
