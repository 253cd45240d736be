/** Small marks over the viewports at places in the patient; they move with the images. */
import type { CornerstoneViewport } from '../host/host';

/** A place to be seen in the images. */
export interface Mark {
  readonly kind: 'next' | 'work';
  /** LPS mm. */
  readonly lps: readonly [number, number, number];
  readonly text: string;
}

/** Marks further from the shown plane are not drawn, mm; they fade on the way. */
const REACH_MM = 14;
const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
const COLOUR = 'rgb(250 204 21)';

interface Layer {
  readonly viewport: CornerstoneViewport;
  readonly root: HTMLDivElement;
  readonly place: () => void;
}

export class MarkLayer {
  private layers: Layer[] = [];

  show(viewports: readonly CornerstoneViewport[], marks: readonly Mark[]): void {
    this.clear();
    if (marks.length === 0) return;
    this.layers = viewports.map(viewport => {
      const root = document.createElement('div');
      root.setAttribute('aria-hidden', 'true');
      Object.assign(root.style, {
        position: 'absolute',
        inset: '0',
        pointerEvents: 'none',
        overflow: 'hidden',
        zIndex: '5',
      });
      const signs = marks.map(mark => ({ mark, sign: signFor(mark) }));
      root.append(...signs.map(({ sign }) => sign));
      const place = () => signs.forEach(({ mark, sign }) => placeSign(viewport, mark, sign));
      viewport.element.append(root);
      viewport.element.addEventListener(RENDERED, place);
      place();
      return { viewport, root, place };
    });
  }

  clear(): void {
    for (const { viewport, root, place } of this.layers) {
      viewport.element.removeEventListener(RENDERED, place);
      root.remove();
    }
    this.layers = [];
  }
}

function signFor({ kind, text }: Mark): HTMLDivElement {
  const sign = document.createElement('div');
  sign.dataset.cy = `mark-${kind}`;
  const ring = document.createElement('div');
  const line = kind === 'work' ? 'dotted' : 'dashed';
  Object.assign(ring.style, { width: '24px', height: '24px', borderRadius: '12px', border: `2px ${line} ${COLOUR}` });
  const label = document.createElement('span');
  label.textContent = text;
  Object.assign(label.style, { position: 'absolute', left: '30px', top: '3px', color: COLOUR, whiteSpace: 'nowrap' });
  Object.assign(label.style, { font: '600 13px sans-serif', textShadow: '0 0 3px black, 0 0 3px black' });
  Object.assign(sign.style, { position: 'absolute', margin: '-14px 0 0 -14px' });
  sign.append(ring, label);
  return sign;
}

function placeSign(viewport: CornerstoneViewport, { lps }: Mark, sign: HTMLDivElement): void {
  const { viewPlaneNormal: normal, focalPoint: focus } = viewport.getCamera();
  const away =
    normal && focus ? Math.abs(lps.reduce((sum, value, axis) => sum + (value - focus[axis]) * normal[axis], 0)) : 0;
  const [x, y] = viewport.worldToCanvas([...lps]);
  const seen = away <= REACH_MM && Number.isFinite(x) && Number.isFinite(y);
  Object.assign(sign.style, { display: seen ? 'block' : 'none', left: `${x}px`, top: `${y}px` });
  sign.style.opacity = String(1 - (0.7 * away) / REACH_MM);
}
