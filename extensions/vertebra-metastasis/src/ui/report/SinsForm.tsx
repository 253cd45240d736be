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
import { Hint } from '../Hint';
import { Muted } from '../Notes';
import { Picker } from '../Picker';
import type { Worksheet } from '../planning';
import { useStrings, type Strings } from '../strings';
import { measuredText } from './measured';

interface Props {
  plan: LevelPlan;
  worksheet: Worksheet;
  onSet(field: SinsField, answer: SinsAnswer | undefined): void;
}

/** The six components of SINS. What could be measured is proposed; nothing counts before a person sets it. */
export function SinsForm({ plan, worksheet, onSet }: Props) {
  const { sins } = useStrings();
  const score = sinsScore(worksheet.answers);
  const open = SINS_FIELDS.filter(field => worksheet.answers[field] === undefined).length;
  return (
    <div className="space-y-2" data-cy="sins">
      {SINS_FIELDS.map(field => (
        <Field key={field} field={field} plan={plan} answer={worksheet.answers[field]} onSet={onSet} />
      ))}
      <p className="text-foreground text-sm" role="status" data-cy="sins-score" data-total={score?.total}>
        {score ? sins.total(score.total, sins.ranges[score.range]) : sins.open(open)}
      </p>
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
  const choices = sinsOptions(field).map(option => ({
    id: option.answer,
    label: `${option.points} · ${answerText(sins, field, option.answer)}`,
  }));
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
            onSelect={id => onSet(field, id as SinsAnswer)}
            dataCy={`sins-${field}-choice`}
          />
        </div>
      </div>
      {measured && <Muted>{measured}</Muted>}
      {answer === undefined && proposed !== undefined && (
        <Hint text={sins.confirmHelp}>
          <Button
            variant="ghost"
            size="sm"
            className="w-full"
            dataCY={`sins-${field}-confirm`}
            onClick={() => onSet(field, proposed)}
          >
            {sins.confirm(answerText(sins, field, proposed), sinsPoints(field, proposed))}
          </Button>
        </Hint>
      )}
    </div>
  );
}

export function answerText(sins: Strings['sins'], field: SinsField, answer: SinsAnswer): string {
  return (sins.answers[field] as Readonly<Record<string, string>>)[answer];
}
