import type { Lesion3dKind } from '../../core/types';
import { kindCss } from '../controls/colours';

const patternId = (kind: Lesion3dKind) => `spine-kind-${kind}`;

/** Fill of a kind inside an svg that holds {@link KindPatterns}. */
export const kindFill = (kind: Lesion3dKind) => `url(#${patternId(kind)})`;

/** Kinds by pattern as well as by colour: lytic hatched, blastic solid with dots, mixed hatched with dots. Put once into each svg's children. */
export function KindPatterns() {
  return (
    <defs>
      <pattern id={patternId('lytic')} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill={kindCss('lytic', 0.35)} />
        <rect width="3" height="6" fill={kindCss('lytic')} />
      </pattern>
      <pattern id={patternId('blastic')} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill={kindCss('blastic')} />
        <circle cx="3" cy="3" r="1.1" fill="white" />
      </pattern>
      <pattern id={patternId('mixed')} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill={kindCss('mixed', 0.45)} />
        <rect width="6" height="3" fill={kindCss('mixed')} />
        <circle cx="3" cy="4.5" r="1.1" fill="white" />
      </pattern>
    </defs>
  );
}
