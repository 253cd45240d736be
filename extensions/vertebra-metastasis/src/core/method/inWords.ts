import type { MethodOptions } from './attributeSlice';

/** The first estimate below which a candidate is not scored; undefined where all are. */
export function skipBelow({ attributionThreshold, skipMargin }: MethodOptions): number | undefined {
  return skipMargin === undefined ? undefined : attributionThreshold - skipMargin;
}

/**
 * What a result was sampled with, as files say it: "fast, 36 inversion and 16 render evaluations; candidates first estimated
 * below 0.3 not scored".
 */
export function samplerInWords(method: MethodOptions): string {
  const { id, inversionEvaluations, renderEvaluations } = method.sampler;
  const floor = skipBelow(method);
  const told = `${id}, ${inversionEvaluations} inversion and ${renderEvaluations} render evaluations`;
  return floor === undefined
    ? told
    : `${told}; candidates first estimated below ${Number(floor.toFixed(3))} not scored`;
}
