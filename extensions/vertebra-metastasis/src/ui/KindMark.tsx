import type { LesionKind } from '../core/types';
import { kindCss } from './colours';
import { useStrings } from './strings';

/** Kind as colour and shape (lytic: ring, blastic: disc), so that it can be told without colour vision. */
export function KindMark({ kind, withText = false }: { kind: LesionKind; withText?: boolean }) {
  const text = useStrings().kind[kind];
  const fill = kind === 'blastic' ? kindCss(kind) : 'transparent';
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={text}>
      <span
        aria-hidden={withText}
        role={withText ? undefined : 'img'}
        aria-label={withText ? undefined : text}
        className="inline-block h-2.5 w-2.5 flex-shrink-0 rounded-full"
        style={{ border: `2px solid ${kindCss(kind)}`, background: fill }}
      />
      {withText && text}
    </span>
  );
}
