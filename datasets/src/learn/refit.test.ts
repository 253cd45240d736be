/**
 * Logistic regression beside scikit-learn: what fit_regression of training/vertebra_dae/latent_regression.py gives for the same
 * vertebrae. Its solver stops at a gradient of 1e-4, ours goes to the minimum.
 */
import { chooseAndFit, fitClassifier, logitOf } from './refit';

const vertebrae = Array.from({ length: 12 }, (_, i) => ({
  code: [0, 1, 2].map(
    j => ((i * 7 + j * 3) % 11) / 11 + (i % 2 && j === 1 ? 0.3 : 0) - 0.05 * j * (Math.floor(i / 3) % 2)
  ),
  malignant: i % 2 === 1 && i !== 5,
  patient: `P${i >> 1}`,
}));

it.each([
  [0.01, [0.020214, 0.019013, -0.031631], -0.336708],
  [1, [0.327307, 0.360297, -0.696785], -0.400469],
])('gives what scikit-learn gives for C = %d', (strength, coef, intercept) => {
  const fitted = fitClassifier(vertebrae, strength);
  fitted.coef.forEach((value, i) => expect(value).toBeCloseTo(coef[i], 2));
  expect(fitted.intercept).toBeCloseTo(intercept, 2);
  expect(fitted.mean[0]).toBeCloseTo(0.416667, 5);
  expect(fitted.scale[2]).toBeCloseTo(0.274046, 5);
});

it('does not depend on where it begins', () => {
  const direct = fitClassifier(vertebrae, 1);
  const onwards = fitClassifier(vertebrae, 1, { ...direct, coef: [5, -5, 5], intercept: 3 });
  onwards.coef.forEach((value, i) => expect(value).toBeCloseTo(direct.coef[i], 5));
});

it('chooses a strength by folds of whole patients, and tells the labels apart', () => {
  const many = Array.from({ length: 60 }, (_, i) => ({
    code: Array.from({ length: 40 }, (_, j) => Math.sin(31 * i + 7 * j) + (j === 3 && i % 2 ? 1.5 : 0)),
    malignant: i % 2 === 1,
    patient: `P${Math.floor(i / 3)}`,
  }));
  const { classifier, auc, strength } = chooseAndFit(many);
  expect(auc).toBeGreaterThan(0.7);
  expect(strength).toBeLessThanOrEqual(1);
  const mean = (malignant: boolean) => {
    const logits = many.filter(one => one.malignant === malignant).map(({ code }) => logitOf(classifier, code));
    return logits.reduce((a, b) => a + b) / logits.length;
  };
  expect(mean(true)).toBeGreaterThan(mean(false) + 0.5);
});

it('says when there are too few patients', () => {
  expect(() => chooseAndFit(vertebrae.slice(0, 2))).toThrow(/at least two each/);
});
