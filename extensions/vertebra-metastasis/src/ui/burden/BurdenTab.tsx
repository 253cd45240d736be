import { burdenText, hasLesion, isLowerBound, lesionMillilitres } from '../../core/burden';
import { BurdenChart } from './BurdenChart';
import { BurdenTable } from './BurdenTable';
import { BurdenPending, Unfinished } from './BurdenPending';
import { numbersIn } from './format';
import { NotAssessedList } from './NotAssessedList';
import { affectedText, burdenNotes, kindTotals, provenanceText } from './notes';
import { CopyButton } from '../controls/CopyButton';
import type { BurdenResult } from '../state/findings';
import { Muted } from '../controls/Notes';
import { Section } from '../controls/Section';
import { includedVertebrae, type TabProps } from '../state/state';
import { useStrings } from '../strings';
import { burdenCsv } from './burdenCsv';

/** How much of the analysed bodies is lesion, by level and in total. */
export function BurdenTab({ state, actions }: TabProps) {
  const strings = useStrings();
  const { burden } = state;
  if (burden.status !== 'ready') {
    return <BurdenPending {...{ burden, actions, title: strings.tabs.burden, empty: strings.tabEmpty.burden }} />;
  }
  const show = (level: string) => {
    const row = state.lesions?.rows.find(one => one.level === level);
    const vertebra = includedVertebrae(state).find(one => one.level === level);
    if (row) actions.goToLesion(row.id);
    else if (vertebra) actions.goToVertebra(vertebra.label);
  };
  return (
    <>
      <Unfinished run={state.run} />
      <Result result={burden.value} onShow={show} />
    </>
  );
}

function Result({ result, onShow }: { result: BurdenResult; onShow(level: string): void }) {
  const strings = useStrings();
  const { burden, provenance } = result;
  const { total } = burden;
  const numbers = numbersIn(strings);
  const volume = { millilitres: lesionMillilitres(total), ...(isLowerBound(total) ? { atLeast: true as const } : {}) };
  return (
    <>
      <Section title={strings.burden.title}>
        <p className="text-foreground text-sm" data-cy="burden-summary">
          {strings.burden.summary(numbers.volume(volume), affectedText(burden, strings))}
          {total.percent !== undefined && ` ${strings.burden.summaryShare(numbers.percent(total.percent))}`}
        </p>
        {hasLesion(total) && (
          <p className="text-foreground text-sm" data-cy="burden-by-kind">
            {kindTotals(total, strings)}
          </p>
        )}
        {burden.levels.length > 0 && <BurdenChart levels={burden.levels} />}
        {burden.outsideMillilitres > 0 && (
          <Muted>{strings.burden.outside(numbers.ml(burden.outsideMillilitres))}</Muted>
        )}
      </Section>
      <Section title={strings.burden.table}>
        <BurdenTable burden={burden} onShow={onShow} />
        <div className="flex flex-wrap gap-2">
          <CopyButton
            label={strings.burden.copyText}
            help={strings.burden.copyTextHelp}
            dataCy="burden-copy-text"
            text={() => burdenText(burden, burdenNotes(result, strings))}
          />
          <CopyButton
            label={strings.burden.copyCsv}
            help={strings.burden.copyCsvHelp}
            dataCy="burden-copy-csv"
            text={() => burdenCsv(burden, burdenNotes(result, strings))}
          />
        </div>
      </Section>
      <Section title={strings.burden.notAssessed}>
        <NotAssessedList items={burden.notAssessed} />
        <Muted>{provenanceText(provenance, strings)}</Muted>
        <Muted>{strings.burden.notCriteria}</Muted>
      </Section>
    </>
  );
}
