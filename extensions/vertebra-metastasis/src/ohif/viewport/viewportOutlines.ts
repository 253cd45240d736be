/** The outlines of one viewport: vector graphics that move with the image, and the clicks on them. */
import type { Cut as CutPlane, Lesion3dKind, Vec3 } from '../../core';
import { FOCUS_CSS, HATCH_CSS, IGNORED_CSS, IGNORED_DASH, KIND_DASH, outlineCss } from '../../ui';
import type { CornerstoneViewport } from '../host/host';
import { type CanvasPoint, pickOutline } from './outlinePick';

export interface OutlinedRegion {
  /** Id of a lesion, or key of a region. */
  readonly key: string;
  readonly cut: CutPlane;
  readonly kind: Lesion3dKind;
  /** Counts as a lesion. */
  readonly kept: boolean;
  /** Hatched instead of outlined: a part that was not searched. */
  readonly shade?: boolean;
}

const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
const SVG = 'http://www.w3.org/2000/svg';
/** Dark line below the coloured one: seen on bone as well as on air. */
const CASING = 'rgb(0 0 0 / 0.55)';
/** A press that moves further, in CSS pixels, is no click. */
const CLICK_PX = 4;

interface Cut {
  readonly region: OutlinedRegion;
  readonly loops: Vec3[][];
  readonly lines: SVGPathElement[];
}

export class ViewportOutlines {
  private readonly root = document.createElementNS(SVG, 'svg');
  private readonly hatchId: string;
  /** Where the plane was when the outlines were cut. */
  private plane = '';
  private cut: Cut[] = [];
  private press: MouseEvent | undefined;

  /** @param onClick told of clicks on outlines, with the place in LPS mm */
  constructor(
    private readonly viewport: CornerstoneViewport,
    private readonly regions: readonly OutlinedRegion[],
    private highlighted: readonly (string | undefined)[],
    private readonly onClick: (key: string, lps: Vec3) => void
  ) {
    this.hatchId = `spine-unsearched-${viewport.id}`;
    this.root.setAttribute('aria-hidden', 'true');
    this.root.dataset.cy = 'candidate-outlines';
    Object.assign(this.root.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
    // The viewer's own tools get every event; clicks are only listened to.
    Object.assign(this.root.style, { pointerEvents: 'none', overflow: 'hidden', zIndex: '4' });
    const { element } = viewport;
    element.append(this.root);
    element.addEventListener(RENDERED, this.place);
    element.addEventListener('mousedown', this.down, true);
    element.addEventListener('mouseup', this.up, true);
    this.place();
  }

  remove(): void {
    const { element } = this.viewport;
    element.removeEventListener(RENDERED, this.place);
    element.removeEventListener('mousedown', this.down, true);
    element.removeEventListener('mouseup', this.up, true);
    this.root.remove();
  }

  highlight(keys: readonly (string | undefined)[]): void {
    this.highlighted = keys;
    for (const { region, lines } of this.cut) this.paint(region, lines);
  }

  private readonly place = (): void => {
    const { viewPlaneNormal: normal, focalPoint } = this.viewport.getCamera();
    if (!normal || !focalPoint) return;
    const height = normal.reduce((sum, value, axis) => sum + value * focalPoint[axis], 0);
    const plane = `${normal.map(value => value.toFixed(5)).join()} ${height.toFixed(3)}`;
    if (plane !== this.plane) {
      this.plane = plane;
      this.slice({ point: focalPoint, normal });
    }
    for (const one of this.cut) {
      const path = this.drawn(one).map(pathOf).join('');
      for (const line of one.lines) line.setAttribute('d', path);
    }
  };

  /** Only another slice needs new outlines; panning and zooming moves them. */
  private slice(plane: { point: Vec3; normal: Vec3 }): void {
    this.cut = this.regions.flatMap(region => {
      const loops = region.cut(plane);
      return loops.length > 0 ? [{ region, loops, lines: region.shade ? [line()] : [line(), line()] }] : [];
    });
    this.root.replaceChildren(this.hatching(), ...this.cut.flatMap(({ lines }) => lines));
    for (const { region, lines } of this.cut) this.paint(region, lines);
  }

  /** Thin lines that leave the image readable. */
  private hatching(): SVGDefsElement {
    const defs = document.createElementNS(SVG, 'defs');
    const pattern = document.createElementNS(SVG, 'pattern');
    for (const [name, value] of Object.entries({
      id: this.hatchId,
      width: '7',
      height: '7',
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    })) {
      pattern.setAttribute(name, value);
    }
    for (const [x, colour] of [
      ['0.5', HATCH_CSS],
      ['1.5', CASING],
    ]) {
      const stroke = document.createElementNS(SVG, 'line');
      for (const [name, value] of Object.entries({ x1: x, x2: x, y1: '0', y2: '7', stroke: colour })) {
        stroke.setAttribute(name, value);
      }
      pattern.append(stroke);
    }
    defs.append(pattern);
    return defs;
  }

  private paint({ key, kind, kept, shade }: OutlinedRegion, [casing, coloured]: SVGPathElement[]): void {
    if (shade) {
      casing.setAttribute('fill', `url(#${this.hatchId})`);
      casing.setAttribute('fill-rule', 'evenodd');
      casing.dataset.unsearched = key;
      return;
    }
    const strong = this.highlighted.includes(key);
    const width = strong ? 2.5 : kept ? 1.5 : 1;
    const ignored = !kept && !strong;
    casing.setAttribute('stroke', CASING);
    casing.setAttribute('stroke-width', String(width + 2));
    casing.style.display = ignored ? 'none' : '';
    coloured.setAttribute('stroke', strong ? FOCUS_CSS : kept ? outlineCss(kind) : IGNORED_CSS);
    coloured.setAttribute('stroke-width', String(width));
    const dash = ignored ? IGNORED_DASH : KIND_DASH[kind];
    if (dash) coloured.setAttribute('stroke-dasharray', dash);
    else coloured.removeAttribute('stroke-dasharray');
    Object.assign(coloured.dataset, { key, kind, kept: String(kept), strong: String(strong) });
  }

  private drawn({ loops }: Cut): CanvasPoint[][] {
    return loops.map(loop => loop.map(lps => this.viewport.worldToCanvas([...lps])));
  }

  private readonly down = (event: MouseEvent): void => {
    this.press = event.button === 0 ? event : undefined;
  };

  private readonly up = (event: MouseEvent): void => {
    const { press } = this;
    this.press = undefined;
    if (!press || Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) > CLICK_PX) return;
    const { left, top } = this.viewport.canvas.getBoundingClientRect();
    const point: [number, number] = [event.clientX - left, event.clientY - top];
    const shown = this.cut
      .filter(({ region }) => !region.shade)
      .map(one => ({ key: one.region.key, loops: this.drawn(one) }));
    const key = pickOutline(shown, point);
    if (key !== undefined) this.onClick(key, this.viewport.canvasToWorld(point));
  };
}

function pathOf(loop: readonly CanvasPoint[]): string {
  return `M${loop.map(point => point.map(value => value.toFixed(1)).join(' ')).join('L')}Z`;
}

function line(): SVGPathElement {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('fill', 'none');
  return path;
}
