import { Button } from '@ohif/ui-next';
import {
  type LevelPlan,
  SINS_FIELDS,
  type SinsAnswer,
  type SinsField,
  sinsOptions,
  sinsPoints,
  sinsScore,
} from '../../core/planning';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import { Picker } from '../controls/Picker';
import type { Worksheet } from '../state/planning';
import { useStrings, type Strings } from '../strings';
import { measuredText, searchNote } from './measured';

/** Opens a field again; a drop-down knows no choice without an id. */
const OPEN = 'open';

interface Props {
  plan: LevelPlan;
  worksheet: Worksheet;
  onSet(field: SinsField, answer: SinsAnswer | undefined): void;
}

/** The six components of SINS. What could be measured is proposed; nothing counts before a person sets it. */
export function SinsForm({ plan, worksheet, onSet }: Props) {
  const strings = useStrings();
  const { sins } = strings;
  const score = sinsScore(worksheet.answers);
  const unanswered = SINS_FIELDS.filter(field => worksheet.answers[field] === undefined);
  const open = unanswered.length;
  const proposed = unanswered.filter(field => plan.proposed[field] !== undefined);
  return (
    <div className="space-y-2" data-cy="sins">
      {searchNote(plan, strings) && (
        <p role="note" className="text-foreground text-sm" data-cy="sins-searched">
          {searchNote(plan, strings)}
        </p>
      )}
      {SINS_FIELDS.map(field => (
        <Field key={field} field={field} plan={plan} answer={worksheet.answers[field]} onSet={onSet} />
      ))}
      <Hint text={sins.confirmAllHelp}>
        <Button
          variant="secondary"
          size="sm"
          className="w-full"
          dataCY="sins-confirm-all"
          disabled={proposed.length === 0}
          onClick={() => proposed.forEach(field => onSet(field, plan.proposed[field]))}
        >
          {sins.confirmAll(proposed.length)}
        </Button>
      </Hint>
      <Hint text={sins.totalHelp}>
        <p
          tabIndex={0}
          className="text-foreground border-input border-t py-1 text-sm font-semibold"
          role="status"
          data-cy="sins-score"
          data-total={score?.total}
        >
          {score ? sins.total(score.total, sins.ranges[score.range]) : sins.open(open)}
        </p>
      </Hint>
      <Muted>{sins.source}</Muted>
    </div>
  );
}

interface FieldProps {
  field: SinsField;
  plan: LevelPlan;
  answer: SinsAnswer | undefined;
  onSet(field: SinsField, answer: SinsAnswer | undefined): void;
}

function Field({ field, plan, answer, onSet }: FieldProps) {
  const strings = useStrings();
  const { sins } = strings;
  const proposed = plan.proposed[field];
  const choices = [
    ...sinsOptions(field).map(option => ({
      id: option.answer as string,
      label: `${option.points} · ${answerText(sins, field, option.answer)}`,
    })),
    ...(answer === undefined ? [] : [{ id: OPEN, label: sins.reset }]),
  ];
  const measured = measuredText(plan, field, strings);
  return (
    <div data-cy={`sins-${field}`} data-answer={answer} data-proposed={proposed}>
      <div className="flex items-center gap-2">
        <Hint text={sins.fieldHelp[field]}>
          <span className="text-foreground w-24 flex-shrink-0 text-sm" tabIndex={0}>
            {sins.fields[field]}
          </span>
        </Hint>
        <div className="min-w-0 flex-1">
          <Picker
            label={sins.choose(sins.fields[field])}
            choices={choices}
            selected={answer ?? ''}
            onSelect={id => onSet(field, id === OPEN ? undefined : (id as SinsAnswer))}
            dataCy={`sins-${field}-choice`}
          />
        </div>
      </div>
      {measured && <Muted>{measured}</Muted>}
      <Proposal {...{ field, answer, proposed }} onConfirm={() => onSet(field, proposed)} />
    </div>
  );
}

interface ProposalProps {
  field: SinsField;
  answer: SinsAnswer | undefined;
  proposed: SinsAnswer | undefined;
  onConfirm(): void;
}

/** One line whatever is in it, so that confirming moves nothing. */
function Proposal({ field, answer, proposed, onConfirm }: ProposalProps) {
  const { sins } = useStrings();
  const formattedProposal = proposed && sins.proposed(answerText(sins, field, proposed), sinsPoints(field, proposed));
  if (answer === undefined && proposed !== undefined) {
    return (
      <div className="flex h-7 items-center gap-2">
        <span className="text-muted-foreground min-w-0 flex-1 truncate text-sm" title={formattedProposal}>
          {formattedProposal}
        </span>
        <Hint text={sins.confirmHelp}>
          <Button
            variant="ghost"
            size="sm"
            className="h-7 flex-shrink-0"
            dataCY={`sins-${field}-confirm`}
            aria-label={`${sins.fields[field]}: ${formattedProposal}: ${sins.confirm}`}
            onClick={onConfirm}
          >
            {sins.confirm}
          </Button>
        </Hint>
      </div>
    );
  }
  return (
    <p className="text-muted-foreground flex h-7 items-center text-sm" data-cy={`sins-${field}-state`}>
      {answer === undefined
        ? sins.byHand
        : proposed === undefined || proposed === answer
          ? sins.set
          : `${sins.set} ${formattedProposal}.`}
    </p>
  );
}

export function answerText(sins: Strings['sins'], field: SinsField, answer: SinsAnswer): string {
  return (sins.answers[field] as Readonly<Record<string, string>>)[answer];
}
