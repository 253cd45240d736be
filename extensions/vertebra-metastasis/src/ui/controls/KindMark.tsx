import type { Lesion3dKind } from '../../core/types';
import { kindCss } from './colours';
import { useStrings } from '../strings';

interface Props {
  kind: Lesion3dKind;
  /** The kind's name beside the mark. */
  withText?: boolean;
  /** Another text beside the mark. */
  text?: string;
}

/** Kind as colour and shape (lytic: ring, blastic: disc, mixed: half a disc), so that it can be told without colour vision. */
export function KindMark({ kind, withText = false, text: beside }: Props) {
  const text = useStrings().kind[kind];
  const named = withText || beside !== undefined;
  const fill = {
    lytic: 'transparent',
    blastic: kindCss(kind),
    mixed: `linear-gradient(90deg, ${kindCss(kind)} 50%, transparent 50%)`,
  }[kind];
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={beside === undefined ? text : undefined}
    >
      <span
        data-cy="kind-mark"
        aria-hidden={named}
        role={named ? undefined : 'img'}
        aria-label={named ? undefined : text}
        className="inline-block h-2.5 w-2.5 flex-shrink-0 rounded-full"
        // Ring, disc and half a disc would all be rings in forced colours.
        style={{ border: `2px solid ${kindCss(kind)}`, background: fill, forcedColorAdjust: 'none' }}
      />
      {beside ?? (withText && text)}
    </span>
  );
}
