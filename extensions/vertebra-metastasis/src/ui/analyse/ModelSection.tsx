import { Button } from '@ohif/ui-next';
import { Hint } from '../controls/Hint';
import { Muted, ProblemNote } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import { ProgressBar } from '../controls/ProgressBar';
import { Setting } from '../controls/Setting';
import type { ModelSummary, PanelActions, PanelState } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  state: PanelState;
  actions: Pick<PanelActions, 'selectModel' | 'retryModel'>;
}

/** Which model runs. */
export function ModelSection({ state: { model, run, expected }, actions }: Props) {
  const strings = useStrings();
  const { loading } = model;
  const card = loading.status === 'ready' && <ModelCard model={loading.value} expected={expected} />;
  return (
    <>
      <Setting label={strings.model} help={card || strings.modelHelp}>
        {model.choices.length > 0 && (
          <Picker
            label={strings.model}
            choices={model.choices}
            selected={model.selected}
            onSelect={actions.selectModel}
            disabled={run.status === 'running'}
            dataCy="model"
            unavailable={model.available?.map(strings.modelAvailable)}
          />
        )}
        {loading.status === 'loading' && (
          <>
            <ProgressBar
              value={loading.total ? (loading.done ?? 0) / loading.total : undefined}
              label={strings.working}
            />
            <Muted>
              {loading.total
                ? strings.modelLoading(Math.round((100 * (loading.done ?? 0)) / loading.total))
                : strings.modelStarting}
            </Muted>
          </>
        )}
        {card && (
          <Hint text={card}>
            <p className="text-muted-foreground truncate text-sm" tabIndex={0} data-cy="model-description">
              <Said text={loading.value.description} />
            </p>
          </Hint>
        )}
      </Setting>
      {loading.status === 'error' && (
        <ProblemNote problem={loading.problem}>
          <Button variant="secondary" size="sm" className="mt-1.5" onClick={actions.retryModel} dataCY="retry-model">
            {strings.modelRetry}
          </Button>
        </ProblemNote>
      )}
    </>
  );
}

/** Where the model runs; the reason on hover. */
export function Provider({ model }: { model: ModelSummary }) {
  const strings = useStrings();
  const { provider, threads, providerReason } = model;
  return (
    <Hint text={strings.providerReason(providerReason)}>
      <button
        type="button"
        data-cy="provider"
        data-provider={provider}
        className="border-input text-foreground h-6 cursor-default whitespace-nowrap rounded border px-1.5 text-sm"
      >
        {strings.provider[provider]}
        {provider === 'wasm' && ` · ${strings.providerThreads(threads)}`}
      </button>
    </Hint>
  );
}

/** A sentence of the manifest, translated where it can be. */
function Said({ text }: { text: string }) {
  const said = useStrings().modelText(text);
  return <span lang={said.lang}>{said.text}</span>;
}

function ModelCard({ model, expected }: { model: ModelSummary; expected: PanelState['expected'] }) {
  const strings = useStrings();
  return (
    <div className="space-y-1">
      <p>
        {model.name} {model.version}
      </p>
      <p>
        <Said text={model.description} />
      </p>
      <p>
        {strings.intendedUse}: <Said text={model.intendedUse} />
      </p>
      <p>
        {strings.modelTrainedOn}: <Said text={model.trainedOn} />
      </p>
      <p>{strings.modelLicence(model.licence, model.megabytes)}</p>
      {expected && <p>{strings.modelTime(expected.presets.standard.most)}</p>}
      {model.limits.length > 0 && (
        <p>
          {strings.modelLimits}:{' '}
          {model.limits.map(limit => (
            <span key={limit}>
              <Said text={limit} />{' '}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
