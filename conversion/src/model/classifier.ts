/** The latent classifier's numbers: a standardisation of the semantic code and a logistic regression on it. */
import { readFileSync } from 'node:fs';
import { CommandError } from '@spine/headless/cli';
import { z } from 'zod';
import { NumpyArray } from '../pickle/numpyTypes';
import { LOGISTIC_REGRESSION, readSklearn, STANDARD_SCALER } from '../pickle/sklearn';
import { describe, PickleObject } from '../pickle/values';

/** P(malignant | z) = sigmoid(coef . (z - mean) / scale + intercept); all lists have length Z. */
export interface LatentClassifier {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly coef: readonly number[];
  readonly intercept: number;
}

const list = z.array(z.number());
/** coef and intercept may be nested once, as scikit-learn has them. */
const jsonSchema = z.object({
  mean: list,
  scale: list,
  coef: z.union([list, z.tuple([list]).transform(([row]) => row)]),
  intercept: z.union([z.number(), z.tuple([z.number()]).transform(([value]) => value)]),
});

/** Reads {mean, scale, coef, intercept}. @throws CommandError 'classifier-file' naming file and field */
export function classifierFromJson(path: string): LatentClassifier {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandError('classifier-file', `${path}: cannot be read as JSON (${(error as Error).message})`);
  }
  const parsed = jsonSchema.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(issue => `${issue.path.join('.') || '(whole file)'}: ${issue.message}`);
    throw new CommandError(
      'classifier-file',
      `${path}: ${problems.join('; ')}; expected mean, scale, coef and intercept`
    );
  }
  return checked(parsed.data, path);
}

/**
 * Reads the authors' joblib pickles of a LogisticRegression and a StandardScaler, executing nothing.
 * @throws CommandError 'classifier-file' for another class, a classifier that is not binary, or a damaged file
 */
export function classifierFromPickles(classifierPath: string, scalerPath: string): LatentClassifier {
  const regression = sklearnObject(classifierPath, LOGISTIC_REGRESSION);
  const scaler = sklearnObject(scalerPath, STANDARD_SCALER);
  const classes = [...arrayOf(classifierPath, regression, 'classes_').values];
  if (classes.join() !== '0,1') {
    throw new CommandError(
      'classifier-file',
      `${classifierPath}: its classes are ${classes.slice(0, 5).join(', ')}; expected 0 (healthy) and 1 (malignant)`
    );
  }
  const coef = arrayOf(classifierPath, regression, 'coef_');
  const intercept = arrayOf(classifierPath, regression, 'intercept_');
  if (coef.shape.length !== 2 || coef.shape[0] !== 1 || intercept.values.length !== 1) {
    throw new CommandError(
      'classifier-file',
      `${classifierPath}: coef_ has shape (${coef.shape}) and intercept_ (${intercept.shape}); expected (1, Z) and (1)`
    );
  }
  const classifier = {
    mean: [...arrayOf(scalerPath, scaler, 'mean_').values],
    scale: [...arrayOf(scalerPath, scaler, 'scale_').values],
    coef: [...coef.values],
    intercept: intercept.values[0],
  };
  return checked(classifier, `${classifierPath}, ${scalerPath}`);
}

function checked(classifier: LatentClassifier, source: string): LatentClassifier {
  const refuse = (why: string) => new CommandError('classifier-file', `${source}: ${why}`);
  const { mean, scale, coef, intercept } = classifier;
  for (const [name, values] of Object.entries({ mean, scale, coef })) {
    if (!values.length || values.length !== mean.length) {
      throw refuse(`${name} has ${values.length} numbers, mean has ${mean.length}`);
    }
    if (!values.every(Number.isFinite)) throw refuse(`${name} holds numbers that are not finite`);
  }
  if (!scale.every(value => value > 0)) throw refuse('every scale must be positive');
  if (!coef.some(value => value !== 0))
    throw refuse('all coefficients are zero, so there is no direction towards healthy');
  if (!Number.isFinite(intercept)) throw refuse('the intercept is not finite');
  return classifier;
}

function sklearnObject(path: string, className: string): PickleObject {
  const value = readSklearn(path);
  if (value instanceof PickleObject && value.className === className) return value;
  throw new CommandError('classifier-file', `${path}: holds a ${describe(value)}, expected a ${className}`);
}

function arrayOf(path: string, object: PickleObject, attribute: string): NumpyArray {
  const value = object.state.get(attribute);
  if (value instanceof NumpyArray && value.code !== 'b1') return value;
  throw new CommandError('classifier-file', `${path}: its attribute ${attribute} is no array of numbers`);
}
