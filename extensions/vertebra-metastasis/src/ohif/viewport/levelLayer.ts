/** Over the viewports: names of the vertebrae beside every body that the plane cuts, and lines where the other viewports lie. */
import type { Vec3 } from '../../core';
import { FOCUS_CSS } from '../../ui';
import type { CornerstoneViewport, DisplaySet } from '../host/host';
import { viewportsWith } from './ctViewports';
import { planeLine } from './planeLine';
import { ViewportLayer } from './viewportLayer';

export interface LevelLabel {
  /** Of the vertebra's mask. */
  readonly label: number;
  readonly text: string;
  /** Corners of the body's box, LPS mm. */
  readonly corners: readonly Vec3[];
  /** The vertebra selected. */
  readonly current: boolean;
}

export interface LevelPort {
  /** What is drawn; the last call counts. @param onClick told of the label clicked */
  show(displaySet: DisplaySet, labels: readonly LevelLabel[], onClick: (label: number) => void): void;
  /** Puts the keyboard on the name of the vertebra selected, in the panel. */
  name(): void;
  clear(): void;
}

const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
/** Between a name and its body, and the borders of the viewport, CSS pixels. */
const GAP_PX = 4;
/** The box of a body that lies askew has corners without bone: a plane through its outer parts need not cut the body. */
const RIM_SHARE = 0.15;
/** Seen on bone and air, and thin enough to read the image below. */
const LINE_CSS = 'rgb(125 211 252 / 0.45)';

interface Layer {
  readonly viewport: CornerstoneViewport;
  readonly root: HTMLDivElement;
  readonly signs: readonly { readonly one: LevelLabel; readonly sign: HTMLElement }[];
  /** One for each of the other viewports. */
  readonly lines: readonly { readonly other: CornerstoneViewport; readonly line: SVGLineElement }[];
}

export class LevelLayer extends ViewportLayer<Parameters<LevelPort['show']>> implements LevelPort {
  private layers: Layer[] = [];

  name(): void {
    // The panel draws the vertebra first.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-cy="relabel"]')?.focus());
  }

  protected remove(): void {
    for (const { viewport, root } of this.layers) {
      viewport.element.removeEventListener(RENDERED, this.place);
      root.remove();
    }
    this.layers = [];
  }

  protected draw(...[displaySet, labels, onClick]: Parameters<LevelPort['show']>): void {
    const viewports = viewportsWith(this.services, displaySet.displaySetInstanceUID);
    this.layers = viewports.map(viewport => {
      const root = document.createElement('div');
      root.dataset.cy = 'level-labels';
      // The panel's list says the same to a screen reader.
      root.setAttribute('aria-hidden', 'true');
      Object.assign(root.style, { position: 'absolute', inset: '0', pointerEvents: 'none', overflow: 'hidden' });
      root.style.zIndex = '5';
      const signs = labels.map(one => ({ one, sign: signFor(one, () => onClick(one.label)) }));
      const lines = viewports.filter(other => other !== viewport).map(other => ({ other, line: newLine() }));
      root.append(drawing(lines.map(({ line }) => line)), ...signs.map(({ sign }) => sign));
      viewport.element.append(root);
      viewport.element.addEventListener(RENDERED, this.place);
      return { viewport, root, signs, lines };
    });
    this.place();
  }

  /** Any viewport that moved moves its line in the others. */
  private readonly place = (): void => {
    for (const { viewport, signs, lines } of this.layers) {
      for (const { one, sign } of signs) placeSign(viewport, one, sign);
      for (const { other, line } of lines) placeLine(viewport, other, line);
    }
  };
}

const SVG = 'http://www.w3.org/2000/svg';

function drawing(lines: readonly SVGLineElement[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  Object.assign(svg.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
  svg.append(...lines);
  return svg;
}

function newLine(): SVGLineElement {
  const line = document.createElementNS(SVG, 'line');
  line.dataset.cy = 'reference-line';
  line.setAttribute('stroke', LINE_CSS);
  return line;
}

function placeLine(viewport: CornerstoneViewport, other: CornerstoneViewport, line: SVGLineElement): void {
  const ends = planeLine(viewport.getCamera(), other.getCamera());
  line.style.display = ends ? '' : 'none';
  if (!ends) return;
  const [[x1, y1], [x2, y2]] = ends.map(lps => viewport.worldToCanvas([...lps]));
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value.toFixed(1));
}

function signFor({ text, label, current }: LevelLabel, onClick: () => void): HTMLButtonElement {
  const sign = document.createElement('button');
  sign.type = 'button';
  sign.tabIndex = -1;
  sign.textContent = text;
  Object.assign(sign.dataset, { cy: 'level-label', label: String(label), level: text, current: String(current) });
  Object.assign(sign.style, {
    position: 'absolute',
    display: 'none',
    pointerEvents: 'auto',
    cursor: 'pointer',
    minWidth: '24px',
    height: '24px',
    padding: '0 4px',
    border: '0',
    borderRadius: '4px',
    font: '600 13px sans-serif',
    transform: 'translate(-100%, -50%)',
    whiteSpace: 'nowrap',
    color: current ? 'black' : 'white',
    background: current ? FOCUS_CSS : 'rgb(0 0 0 / 0.55)',
    // The one selected is told by its background, which forced colours take away.
    forcedColorAdjust: 'none',
  });
  // The viewer's tools must not take the press for one of theirs.
  for (const name of ['pointerdown', 'mousedown', 'mouseup', 'dblclick']) {
    sign.addEventListener(name, event => event.stopPropagation());
  }
  sign.addEventListener('click', event => {
    event.stopPropagation();
    onClick();
  });
  return sign;
}

function placeSign(viewport: CornerstoneViewport, { corners }: LevelLabel, sign: HTMLElement): void {
  const place = labelPlace(viewport, corners);
  sign.style.display = place ? 'block' : 'none';
  if (place) Object.assign(sign.style, { left: `${place.x}px`, top: `${place.y}px` });
}

/**
 * Where the right-hand end of a name goes: left of the body, at its middle height, inside the viewport.
 * @returns CSS pixels; undefined where the plane misses the body's box or the box is out of sight
 */
export function labelPlace(
  viewport: Pick<CornerstoneViewport, 'getCamera' | 'worldToCanvas' | 'canvas'>,
  corners: readonly Vec3[]
): { readonly x: number; readonly y: number } | undefined {
  const { viewPlaneNormal: normal, focalPoint: focus } = viewport.getCamera();
  if (!normal || !focus) return undefined;
  const heights = corners.map(corner => corner.reduce((sum, mm, axis) => sum + (mm - focus[axis]) * normal[axis], 0));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const rim = RIM_SHARE * (high - low);
  if (low + rim > 0 || high - rim < 0) return undefined;
  const points = corners.map(corner => viewport.worldToCanvas([...corner]));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const { clientWidth: width, clientHeight: height } = viewport.canvas;
  if (![left, top].every(Number.isFinite) || right < 0 || left > width || bottom < 0 || top > height) return undefined;
  // Of a body that is larger than the view the middle of what is seen.
  const y = (Math.max(0, top) + Math.min(height, bottom)) / 2;
  // For the longest name beside the letter of the side (R, A), which must stay in sight.
  const room = 62;
  return { x: Math.max(room, left - GAP_PX), y };
}
