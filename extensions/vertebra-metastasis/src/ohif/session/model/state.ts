/** The model in use; it outlives the session of one CT. */
import { type LesionRules, PUBLISHED_RULES } from '../../../core';
import type { AvailableModel, LoadedModel } from '../../../runtime';
import type { Loadable, ModelSummary, PanelState } from '../../../ui';
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

export function modelView({ entries, available, selected, loading }: ModelState): PanelState['model'] {
  return { choices: entries.map(({ id, label }) => ({ id, label })), available, selected, loading };
}
