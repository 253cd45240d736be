import { NotAssessedList } from '../burden/NotAssessedList';
import { EmptyTab } from '../controls/EmptyTab';
import { ContourOptions } from './ContourOptions';
import { ExportRow } from './ExportRow';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import { Section } from '../controls/Section';
import type { ExportOffer } from '../state/exports';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Files for archives, planning systems and tables. */
export function ExportTab({ state, actions }: TabProps) {
  const strings = useStrings();
  if (!state.lesions) return <EmptyTab text={strings.tabEmpty.export} />;
  const { options } = state.exports;
  const rows = (section: ExportOffer['section']) =>
    state.exports.offers
      .filter(offer => offer.section === section)
      .map(offer => <ExportRow key={offer.kind} offer={offer} state={state} actions={actions} />);
  return (
    <>
      <Section title={strings.exports.segmentations}>
        <SegType state={state} actions={actions} />
        {rows('segmentations')}
      </Section>
      <Section title={strings.exports.contours}>
        {state.lesions.rows.length === 0 ? (
          <Muted data-cy="nothing-to-contour">{strings.exports.nothingToContour}</Muted>
        ) : (
          <>
            <ContourOptions options={options} onChange={actions.setExportOptions} />
            {rows('contours')}
          </>
        )}
      </Section>
      <Section title={strings.exports.measurements}>
        {rows('measurements')}
        {state.lesions.saving.status !== 'saved' && <Muted>{strings.exports.reportDownload}</Muted>}
      </Section>
      {state.burden.status === 'ready' && (
        <Section title={strings.burden.notAssessed}>
          <Muted>{strings.exports.everyFileSays}</Muted>
          <NotAssessedList items={state.burden.value.burden.notAssessed} />
        </Section>
      )}
    </>
  );
}

function SegType({ state, actions }: TabProps) {
  const strings = useStrings();
  const { encoding } = state.exports.options;
  const { reading } = state.ct;
  const forced = reading.status === 'ready' && !reading.value.binaryReadable && encoding === 'BINARY';
  const choices = [
    { id: 'BINARY', label: strings.exports.binary },
    { id: 'LABELMAP', label: strings.exports.labelmap },
  ];
  return (
    <>
      <div className="flex items-center gap-2">
        <Hint text={strings.exports.typeHelp}>
          <span className="text-foreground w-24 flex-shrink-0 text-sm" tabIndex={0}>
            {strings.exports.type}
          </span>
        </Hint>
        <div className="min-w-0 flex-1">
          <Picker
            label={strings.exports.type}
            choices={choices}
            selected={forced ? 'LABELMAP' : encoding}
            disabled={forced}
            onSelect={id => actions.setExportOptions({ encoding: id === 'LABELMAP' ? 'LABELMAP' : 'BINARY' })}
            dataCy="seg-type"
          />
        </div>
      </div>
      {forced && <Muted data-cy="labelmap-forced">{strings.exports.labelmapForced}</Muted>}
    </>
  );
}
