/** Deterministic phantoms: vertebrae with metastases and mimics for training and evaluation, and the viewer's demo study. */
export { planSynthetic } from './dataset/plan';
export { makeSyntheticSample } from './dataset/synthetic';
export { TRUTH, type Sample } from './dataset/sample';
export { MANIFEST_COLUMNS } from './dataset/write';
export { writeDemoFollowUp, writeDemoStudy } from './demo/writeDemoStudy';
export { generateDemoVolume, type DemoVolume } from './demo/volume';
export { demoTruth, type DemoTruth, type DemoTruthLesion } from './demo/truth';
export { demoPlan, type DemoTimePoint } from './demo/timePoints';
export { generateWholeSpine, type WholeSpine } from './demo/wholeSpine';
export { writeWholeSpine } from './demo/writeWholeSpine';
