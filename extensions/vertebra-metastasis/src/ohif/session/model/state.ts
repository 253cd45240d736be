/** The model in use; it outlives the session of one CT. */
import { expectedMinutes, type LesionRules, PRESETS, PUBLISHED_RULES, type SearchSettings } from '../../../core';
import { type AvailableModel, type LoadedModel, methodOf } from '../../../runtime';
import type { ExpectedTime, Loadable, ModelSummary, PanelState } from '../../../ui';
import type { ModelEntry } from '../ports';

export interface ModelState {
  readonly entries: readonly ModelEntry[];
  readonly available?: readonly AvailableModel[];
  readonly selected?: string;
  readonly loading: Loadable<ModelSummary>;
  readonly loaded?: LoadedModel;
}

export const initialModel: ModelState = { entries: [], loading: { status: 'idle' } };

/** The rules the model in use comes with. */
export function modelRules({ loaded }: ModelState): LesionRules {
  if (!loaded) return PUBLISHED_RULES;
  const { attributionThreshold: threshold, minPixels } = loaded.manifest.method;
  return { threshold, minPixels };
}

/** What a vertebra will take with these settings and with each preset; undefined before a model is open. */
export function expectedTime({ loaded }: ModelState, settings: SearchSettings): ExpectedTime | undefined {
  if (!loaded) return undefined;
  const { manifest, evaluationMs } = loaded;
  const minutes = ({ sampler, slices }: SearchSettings) =>
    expectedMinutes(evaluationMs, manifest.patch, methodOf(manifest, sampler), slices);
  const { quick, standard, reference } = PRESETS;
  return {
    minutes: minutes(settings),
    presets: { quick: minutes(quick), standard: minutes(standard), reference: minutes(reference) },
  };
}

export function modelView({ entries, available, selected, loading }: ModelState): PanelState['model'] {
  return { choices: entries.map(({ id, label }) => ({ id, label })), available, selected, loading };
}
