import { type MethodOptions, skipBelow } from './methodOptions';

/**
 * What a result was sampled with, as files say it: "fast, 44 inversion and 28 render evaluations; candidates first estimated
 * below 0.3 not scored; candidates within 0.1 of the threshold refined".
 */
export function samplerInWords(method: MethodOptions): string {
  const { id, inversionEvaluations, renderEvaluations } = method.sampler;
  const floor = skipBelow(method);
  return [
    `${id}, ${inversionEvaluations} inversion and ${renderEvaluations} render evaluations`,
    ...(floor === undefined ? [] : [`candidates first estimated below ${Number(floor.toFixed(3))} not scored`]),
    ...(method.refineOutlines ? ['outlines drawn anew at the half level of the CT'] : []),
    ...(method.rescoreWithin === undefined
      ? []
      : [`candidates within ${method.rescoreWithin} of the threshold refined`]),
  ].join('; ');
}
