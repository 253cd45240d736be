/** The model in use; it outlives the session of one CT. */
import { expectedMinutes, type LesionRules, PRESETS, PUBLISHED_RULES, type SearchSettings } from '../../../core';
import { type AvailableModel, type LoadedModel, methodOf } from '../../../runtime';
import type { ExpectedTime, Loadable, ModelSummary, PanelState } from '../../../ui';
import type { ModelEntry } from '../ports';

/** ms for one noise prediction, per image. */
export interface Timing {
  readonly evaluationMs: number;
  /** It was measured while the viewer had nothing else to do, or taken from an analysis: no upper bound any more. */
  readonly settled: boolean;
}

export interface ModelState {
  readonly entries: readonly ModelEntry[];
  readonly available?: readonly AvailableModel[];
  readonly selected?: string;
  readonly loading: Loadable<ModelSummary>;
  readonly loaded?: LoadedModel;
  /** Of the model that is open. */
  readonly timing?: Timing;
}

export const initialModel: ModelState = { entries: [], loading: { status: 'idle' } };

/** The rules the model in use comes with. */
export function modelRules({ loaded }: ModelState): LesionRules {
  if (!loaded) return PUBLISHED_RULES;
  const { attributionThreshold: threshold, minPixels } = loaded.manifest.method;
  return { threshold, minPixels };
}

/** What a vertebra will take with these settings and with each preset; undefined before a model is open. */
export function expectedTime({ loaded, timing }: ModelState, settings: SearchSettings): ExpectedTime | undefined {
  if (!loaded || !timing) return undefined;
  const { manifest } = loaded;
  const minutes = (chosen: SearchSettings) =>
    expectedMinutes(timing.evaluationMs, manifest.patch, methodOf(manifest, chosen.sampler), chosen);
  const { quick, standard, reference } = PRESETS;
  return {
    minutes: minutes(settings),
    settled: timing.settled,
    presets: { quick: minutes(quick), standard: minutes(standard), reference: minutes(reference) },
  };
}

export function modelView({ entries, available, selected, loading }: ModelState): PanelState['model'] {
  return { choices: entries.map(({ id, label }) => ({ id, label })), available, selected, loading };
}
