/** A stored review under the labels that masks have now: they may come back numbered otherwise. */
import { type CandidateKey, labelOfKey } from './findings';
import type { Decision, LesionName, ReviewState } from './state';

/**
 * @param labels label of each vertebra now, by its label in `state`; findings and decisions of others are dropped
 */
export function withLabels(state: ReviewState, labels: ReadonlyMap<number, number>): ReviewState {
  const moved = (key: CandidateKey): CandidateKey | undefined => {
    const now = labels.get(labelOfKey(key));
    return now === undefined ? undefined : `${now}${key.slice(key.indexOf('/'))}`;
  };
  const decisions: Record<CandidateKey, Decision> = {};
  const named = (field: 'group' | 'apart', key: CandidateKey | undefined) => {
    const now = key === undefined ? undefined : moved(key);
    return now === undefined ? {} : { [field]: now };
  };
  for (const [key, { group, apart, ...decision }] of Object.entries(state.decisions)) {
    const now = moved(key);
    if (now !== undefined) decisions[now] = { ...decision, ...named('group', group), ...named('apart', apart) };
  }
  const renamed = (name: LesionName): LesionName => {
    const { vertebraLabel, ...known } = name;
    const label = vertebraLabel === undefined ? undefined : labels.get(vertebraLabel);
    return label === undefined ? known : { ...known, vertebraLabel: label };
  };
  return {
    ...state,
    findings: state.findings
      .flatMap(one => {
        const label = labels.get(one.label);
        return label === undefined ? [] : [{ ...one, label }];
      })
      .sort((a, b) => a.label - b.label),
    decisions,
    reviewed: state.reviewed.flatMap(label => labels.get(label) ?? []).sort((a, b) => a - b),
    levels: byLabel(state.levels, labels),
    answers: byLabel(state.answers, labels),
    strokes: state.strokes.map(stroke => ({
      ...stroke,
      lesions: stroke.lesions.map(renamed),
      touched: stroke.touched.map(renamed),
    })),
  };
}

function byLabel<T>(values: Readonly<Record<number, T>>, labels: ReadonlyMap<number, number>): Record<number, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([label, value]) => {
      const now = labels.get(Number(label));
      return now === undefined ? [] : [[now, value]];
    })
  );
}
