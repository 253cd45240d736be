import type { LatentClassifierWeights, SemanticCode } from '../types';

/** The reference clips the logit to +-50 before the sigmoid. */
export const LOGIT_LIMIT = 50;
/** P(malignant) that the healthy edit is moved to. */
export const TARGET_PROBABILITY = 1e-5;

/** coef . ((z - mean) / scale) + intercept */
function logit({ mean, scale, coef, intercept }: LatentClassifierWeights, code: SemanticCode): number {
  let sum = intercept;
  for (let i = 0; i < code.length; i++) sum += coef[i] * ((code[i] - mean[i]) / scale[i]);
  return sum;
}

/** P(malignant) of a semantic code: logistic regression on the standardised code. */
export function malignancyProbability(classifier: LatentClassifierWeights, code: SemanticCode): number {
  if (code.length !== classifier.coef.length) {
    throw new RangeError(`the classifier takes codes of ${classifier.coef.length} values, got ${code.length}`);
  }
  const limited = Math.min(LOGIT_LIMIT, Math.max(-LOGIT_LIMIT, logit(classifier, code)));
  return 1 / (1 + Math.exp(-limited));
}

/**
 * The healthy code: the standardised code moved along coef / ||coef|| until P(malignant) is `targetProbability`,
 * then un-standardised. The shortest move that the classifier accepts as healthy.
 */
export function healthyCode(
  classifier: LatentClassifierWeights,
  code: SemanticCode,
  targetProbability = TARGET_PROBABILITY
): SemanticCode {
  const { scale, coef } = classifier;
  let squaredNorm = 0;
  for (let i = 0; i < code.length; i++) squaredNorm += coef[i] * coef[i];
  if (!(squaredNorm > 0)) throw new RangeError('the classifier has no weights, so there is no direction to edit along');
  const wanted = Math.log(targetProbability / (1 - targetProbability));
  const distance = (wanted - logit(classifier, code)) / squaredNorm;
  return code.map((value, i) => value + distance * coef[i] * scale[i]);
}
