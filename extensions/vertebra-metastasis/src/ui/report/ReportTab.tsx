import { BurdenPending, Unfinished } from '../burden/BurdenPending';
import { CopyButton } from '../controls/CopyButton';
import { EmptyTab } from '../controls/EmptyTab';
import type { BurdenResult } from '../state/findings';
import { Muted } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import { NO_WORKSHEET } from '../state/planning';
import { type ReportFacts, reportText } from './reportText';
import { searchNote } from './measured';
import { SectorForm } from './SectorForm';
import { SinsForm } from './SinsForm';
import { worksheetCsv } from './worksheetCsv';
import { Section } from '../controls/Section';
import type { TabProps } from '../state/state';
import { stringsFor, useStrings } from '../strings';

/** Worksheets by vertebra and the text of the report. */
export function ReportTab({ state, actions }: TabProps) {
  const strings = useStrings();
  const { burden } = state;
  if (burden.status !== 'ready') {
    return <BurdenPending {...{ burden, actions, title: strings.tabs.report, empty: strings.tabEmpty.report }} />;
  }
  return (
    <>
      <Unfinished run={state.run} />
      <Sheets state={state} actions={actions} />
      <Text state={state} result={burden.value} />
    </>
  );
}

function Sheets({ state, actions }: TabProps) {
  const strings = useStrings();
  const { plans = [], worksheets, level } = state.planning;
  const plan = plans.find(one => one.level === level) ?? plans[0];
  if (!plan) return <EmptyTab text={strings.sins.noLesion} />;
  const worksheet = worksheets[plan.level] ?? NO_WORKSHEET;
  return (
    <>
      <Section title={strings.sins.vertebra}>
        <Picker
          label={strings.sins.vertebra}
          dataCy="worksheet-level"
          choices={plans.map(one => ({ id: one.level, label: one.level }))}
          selected={plan.level}
          onSelect={actions.showWorksheet}
        />
      </Section>
      <Section title={strings.sins.title}>
        <SinsForm
          plan={plan}
          worksheet={worksheet}
          onSet={(field, answer) => actions.setSins(plan.level, field, answer)}
        />
      </Section>
      <Section title={strings.sectors.title}>
        <SectorForm
          key={plan.level}
          suggestion={plan.sectors}
          confirmed={worksheet.sectors}
          onConfirm={sectors => actions.setSectors(plan.level, sectors)}
        />
      </Section>
    </>
  );
}

function Text({ state, result }: Pick<TabProps, 'state'> & { result: BurdenResult }) {
  const strings = useStrings();
  const { worksheets, plans } = state.planning;
  const { comparison } = state.prior;
  const facts: ReportFacts = {
    result,
    worksheets,
    plans,
    ...(comparison.status === 'ready' ? { prior: comparison.value } : {}),
  };
  const notes = (level: string) => {
    const plan = plans?.find(one => one.level === level);
    return [strings.researchUse, plan && searchNote(plan, strings)].filter(Boolean).join(' ');
  };
  return (
    <Section title={strings.report.title}>
      <pre
        data-cy="report-text"
        tabIndex={0}
        aria-label={strings.report.title}
        className="bg-muted text-foreground ohif-scrollbar overflow-y-auto whitespace-pre-wrap rounded p-2 text-sm"
        style={{ maxHeight: '24rem', fontFamily: 'inherit' }}
      >
        {reportText(facts, strings)}
      </pre>
      <div className="flex flex-wrap gap-2">
        <CopyButton
          label={strings.report.copyEnglish}
          help={strings.report.copyHelp}
          dataCy="report-copy-en"
          text={() => reportText(facts, stringsFor('en'))}
        />
        <CopyButton
          label={strings.report.copyGerman}
          help={strings.report.copyHelp}
          dataCy="report-copy-de"
          text={() => reportText(facts, stringsFor('de'))}
        />
      </div>
      <div className="flex">
        <CopyButton
          label={strings.report.copyWorksheets}
          help={strings.report.copyWorksheetsHelp}
          dataCy="worksheets-copy"
          disabled={Object.keys(worksheets).length === 0}
          text={() => worksheetCsv(worksheets, notes)}
        />
      </div>
      <Muted>
        {comparison.status === 'ready'
          ? strings.report.withPrior
          : comparison.status === 'loading'
            ? strings.report.comparing
            : strings.report.withoutPrior}
      </Muted>
    </Section>
  );
}
