/** The latent classifier on the codes of reviewed vertebrae: standardisation and logistic regression, as Atad et al. (arXiv 2512.06849) have it. */
import type { LatentClassifier } from '@spine/conversion/model/classifier';
import { areaUnderCurve } from '@spine/evaluation/metrics';
import { CommandError } from '@spine/headless/cli';

/** A vertebra's code and label. */
export interface CodedVertebra {
  readonly code: ArrayLike<number>;
  readonly malignant: boolean;
  readonly patient: string;
}

/** Inverse regularisation (scikit-learn's C) to choose from, strongest first. */
const STRENGTHS = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1];
const FOLDS = 5;
const NEWTON_STEPS = 100;
/** The largest component of the gradient at which the minimum counts as reached, per vertebra. */
const TOLERANCE = 1e-7;

export interface Fitted {
  readonly classifier: LatentClassifier;
  readonly strength: number;
  /** Of the folds, at the strength chosen. */
  readonly logLoss: number;
  readonly auc: number | null;
}

/**
 * The strength with the lowest mean log loss over folds that never divide a patient, then the fit to all vertebrae given.
 * @throws CommandError 'too-few' where fewer than two patients have a malignant, or a healthy, vertebra
 */
export function chooseAndFit(vertebrae: readonly CodedVertebra[]): Fitted {
  const patientsWith = (malignant: boolean) =>
    new Set(vertebrae.filter(one => one.malignant === malignant).map(({ patient }) => patient)).size;
  const folds = Math.min(FOLDS, patientsWith(true), patientsWith(false));
  if (folds < 2) {
    throw new CommandError(
      'too-few',
      `the training part has metastases in ${patientsWith(true)} patient(s) and vertebrae without in ${patientsWith(false)}; at least two each are needed: review more studies`
    );
  }
  const foldOf = foldsOf(vertebrae, folds);
  const sums = STRENGTHS.map(() => ({ loss: 0, aucs: [] as number[], folds: 0 }));
  for (let fold = 0; fold < folds; fold++) {
    const inside = vertebrae.filter(({ patient }) => foldOf.get(patient) !== fold);
    const outside = vertebrae.filter(({ patient }) => foldOf.get(patient) === fold);
    if (!bothLabels(inside) || !outside.length) continue;
    let start: LatentClassifier | undefined;
    STRENGTHS.forEach((strength, i) => {
      start = fitClassifier(inside, strength, start);
      const logits = outside.map(({ code }) => logitOf(start!, code));
      const of = (malignant: boolean) => logits.filter((_, n) => outside[n].malignant === malignant);
      const auc = areaUnderCurve(of(true), of(false));
      if (auc !== null) sums[i].aucs.push(auc);
      sums[i].loss += mean(logits.map((logit, n) => softplus(outside[n].malignant ? -logit : logit)));
      sums[i].folds++;
    });
  }
  const best = sums.reduce((a, b) => (b.loss / b.folds < a.loss / a.folds ? b : a));
  const strength = STRENGTHS[sums.indexOf(best)];
  const auc = best.aucs.length ? mean(best.aucs) : null;
  return { classifier: fitClassifier(vertebrae, strength), strength, logLoss: best.loss / best.folds, auc };
}

/**
 * Minimises |w|^2 / 2 + strength * (sum of the log losses) over w and an unpenalised intercept, by Newton's method with conjugate
 * gradients: what scikit-learn's StandardScaler and LogisticRegression(C=strength) give.
 * @param start where to begin; the result does not depend on it
 */
export function fitClassifier(
  vertebrae: readonly CodedVertebra[],
  strength: number,
  start?: LatentClassifier
): LatentClassifier {
  const size = vertebrae[0].code.length;
  const { mean: centre, scale } = standardisation(vertebrae, size);
  // A column of ones at the end is the intercept.
  const rows = vertebrae.map(({ code }) =>
    Float64Array.from({ length: size + 1 }, (_, i) => (i < size ? (code[i] - centre[i]) / scale[i] : 1))
  );
  const weights = new Float64Array(size + 1);
  if (start) weights.set([...start.coef, start.intercept]);
  const objective = (at: Float64Array) =>
    rows.reduce(
      (sum, row, n) => {
        const logit = dot(row, at);
        return sum + strength * softplus(vertebrae[n].malignant ? -logit : logit);
      },
      penalised(at, size) / 2
    );
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const probabilities = rows.map(row => sigmoid(dot(row, weights)));
    const gradient = Float64Array.from(weights, (weight, i) => (i < size ? weight : 0));
    rows.forEach((row, n) =>
      addScaled(gradient, row, strength * (probabilities[n] - (vertebrae[n].malignant ? 1 : 0)))
    );
    if (gradient.every(value => Math.abs(value) <= TOLERANCE * strength * rows.length)) break;
    const curvature = (direction: Float64Array) => {
      const product = Float64Array.from(direction, (value, i) => (i < size ? value : 0));
      rows.forEach((row, n) =>
        addScaled(product, row, strength * probabilities[n] * (1 - probabilities[n]) * dot(row, direction))
      );
      return product;
    };
    const direction = conjugateGradients(curvature, gradient);
    const before = objective(weights);
    const slope = dot(gradient, direction);
    // Far from the minimum a whole step overshoots.
    for (let length = 1; length > 1e-9; length /= 2) {
      const trial = weights.slice();
      addScaled(trial, direction, -length);
      if (objective(trial) > before - 1e-4 * length * slope) continue;
      weights.set(trial);
      break;
    }
  }
  return { mean: centre, scale, coef: [...weights.subarray(0, size)], intercept: weights[size] };
}

/** The logit of a code before it is clipped. */
export function logitOf({ mean: centre, scale, coef, intercept }: LatentClassifier, code: ArrayLike<number>): number {
  return coef.reduce((sum, weight, i) => sum + (weight * (code[i] - centre[i])) / scale[i], intercept);
}

/** Patients dealt out in turn, those with metastases first, so that each fold has some of both. */
function foldsOf(vertebrae: readonly CodedVertebra[], folds: number): Map<string, number> {
  const ill = new Set(vertebrae.filter(({ malignant }) => malignant).map(({ patient }) => patient));
  const all = [...new Set(vertebrae.map(({ patient }) => patient))].sort();
  const ordered = [...all.filter(patient => ill.has(patient)), ...all.filter(patient => !ill.has(patient))];
  return new Map(ordered.map((patient, i) => [patient, i % folds]));
}

/** A value that is the same in all vertebrae keeps the scale 1, as in scikit-learn. */
function standardisation(vertebrae: readonly CodedVertebra[], size: number) {
  const values = (i: number) => vertebrae.map(({ code }) => code[i]);
  const centre = Array.from({ length: size }, (_, i) => mean(values(i)));
  const scale = centre.map((middle, i) => Math.sqrt(mean(values(i).map(value => (value - middle) ** 2))) || 1);
  return { mean: centre, scale };
}

/** Solves curvature(x) = gradient for a positive curvature. */
function conjugateGradients(curvature: (x: Float64Array) => Float64Array, gradient: Float64Array): Float64Array {
  const solution = new Float64Array(gradient.length);
  const residual = gradient.slice();
  let direction = residual.slice();
  let norm = dot(residual, residual);
  const enough = 1e-16 * norm;
  for (let step = 0; step < 2 * gradient.length && norm > enough; step++) {
    const product = curvature(direction);
    const length = norm / dot(direction, product);
    addScaled(solution, direction, length);
    addScaled(residual, product, -length);
    const next = dot(residual, residual);
    direction = direction.map((value, i) => residual[i] + (next / norm) * value);
    norm = next;
  }
  return solution;
}

function bothLabels(vertebrae: readonly CodedVertebra[]): boolean {
  return new Set(vertebrae.map(({ malignant }) => malignant)).size === 2;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * values[i];
}

const penalised = (weights: Float64Array, size: number) => dot(weights, weights) - weights[size] ** 2;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
const softplus = (x: number) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
