import type { LesionKind } from '../../core/types';
import { kindCss } from './colours';
import { useStrings } from '../strings';

interface Props {
  kind: LesionKind;
  /** The kind's name beside the mark. */
  withText?: boolean;
  /** Another text beside the mark. */
  text?: string;
}

/** Kind as colour and shape (lytic: ring, blastic: disc), so that it can be told without colour vision. */
export function KindMark({ kind, withText = false, text: beside }: Props) {
  const text = useStrings().kind[kind];
  const named = withText || beside !== undefined;
  const fill = kind === 'blastic' ? kindCss(kind) : 'transparent';
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={beside === undefined ? text : undefined}
    >
      <span
        aria-hidden={named}
        role={named ? undefined : 'img'}
        aria-label={named ? undefined : text}
        className="inline-block h-2.5 w-2.5 flex-shrink-0 rounded-full"
        style={{ border: `2px solid ${kindCss(kind)}`, background: fill }}
      />
      {beside ?? (withText && text)}
    </span>
  );
}
