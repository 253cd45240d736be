import { memo, useEffect, useRef } from 'react';
import { type LesionKind, type Patch, PATCH_SIZE, type PatchMask } from '../../../core/types';
import { FOCUS_CSS, outlineCss } from '../../controls/colours';

export interface Outline {
  /** As {@link outlinePath} gives it. */
  readonly path: string;
  readonly kind: LesionKind;
  /** The one in focus. */
  readonly strong: boolean;
}

interface Props {
  /** 64 x 64, rows anterior to posterior, columns superior to inferior; shown with anterior left and superior up. */
  patch: Patch;
  /** Colour of one value, sRGB 0-255. */
  colour(value: number, pixel: number): readonly [number, number, number];
  outlines?: readonly Outline[];
  label: string;
}

/** One image of the method, enlarged without smoothing, with outlines of candidates. */
export const PatchCanvas = memo(function PatchCanvas({ patch, colour, outlines = [], label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(PATCH_SIZE, PATCH_SIZE);
    for (let pixel = 0; pixel < patch.length; pixel++) {
      const [x, y] = [Math.floor(pixel / PATCH_SIZE), pixel % PATCH_SIZE];
      image.data.set([...colour(patch[pixel], pixel), 255], 4 * (y * PATCH_SIZE + x));
    }
    context.putImageData(image, 0, 0);
  }, [patch, colour]);
  return (
    <div className="relative w-full" role="img" aria-label={label}>
      <canvas
        ref={canvas}
        width={PATCH_SIZE}
        height={PATCH_SIZE}
        className="block w-full"
        style={{ imageRendering: 'pixelated' }}
      />
      <svg viewBox={`0 0 ${PATCH_SIZE} ${PATCH_SIZE}`} className="absolute inset-0 h-full w-full" aria-hidden>
        {outlines.map(({ path, kind, strong }, n) => (
          <path
            key={n}
            d={path}
            fill="none"
            stroke={strong ? FOCUS_CSS : outlineCss(kind)}
            strokeWidth={strong ? 1 : 0.6}
            strokeDasharray={kind === 'lytic' ? '1.6 1.1' : undefined}
          />
        ))}
      </svg>
    </div>
  );
});

/** The pixel edges between inside and outside, as an SVG path in pixels; x runs along rows, y along columns. */
export function outlinePath(mask: PatchMask): string {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < PATCH_SIZE && y < PATCH_SIZE && mask[x * PATCH_SIZE + y] > 0;
  const parts: string[] = [];
  for (let x = 0; x <= PATCH_SIZE; x++) {
    for (let y = 0; y <= PATCH_SIZE; y++) {
      if (inside(x, y) !== inside(x - 1, y)) parts.push(`M${x} ${y}v1`);
      if (inside(x, y) !== inside(x, y - 1)) parts.push(`M${x} ${y}h1`);
    }
  }
  return parts.join('');
}
