/** Outlines of candidate regions over the viewports, as vector graphics that move with the images. */
import { type CandidateKey, crossSection, type LesionKind, type PatchFrame, type PatchMask, type Vec3 } from '../core';
import { FOCUS_CSS, IGNORED_CSS, IGNORED_DASH, KIND_DASH, outlineCss } from '../ui';
import { viewportsWith } from './ctViewports';
import type { CornerstoneViewport, DisplaySet, HostServices, Subscription } from './host';

export interface OutlinedRegion {
  readonly key: CandidateKey;
  readonly frame: PatchFrame;
  readonly mask: PatchMask;
  readonly kind: LesionKind;
  /** Counts as a lesion. */
  readonly kept: boolean;
}

/** What is drawn; the last call counts. */
export interface OutlinePort {
  show(displaySet: DisplaySet, regions: readonly OutlinedRegion[]): void;
  /** The region looked at and the one under the pointer. */
  highlight(keys: readonly (CandidateKey | undefined)[]): void;
  clear(): void;
}

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;
const RENDERED = 'CORNERSTONE_IMAGE_RENDERED';
const SVG = 'http://www.w3.org/2000/svg';
/** Dark line below the coloured one: seen on bone as well as on air. */
const CASING = 'rgb(0 0 0 / 0.55)';

export class OutlineLayer implements OutlinePort {
  private layers: ViewportOutlines[] = [];
  private shown: { readonly displaySet: DisplaySet; readonly regions: readonly OutlinedRegion[] } | undefined;
  private highlighted: readonly (CandidateKey | undefined)[] = [];
  private readonly layout: Subscription;

  constructor(private readonly services: Services) {
    const { cornerstoneViewportService } = services;
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    // A new layout brings viewports without outlines.
    this.layout = cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED, () => this.draw());
  }

  show(displaySet: DisplaySet, regions: readonly OutlinedRegion[]): void {
    this.shown = { displaySet, regions };
    this.draw();
  }

  highlight(keys: readonly (CandidateKey | undefined)[]): void {
    this.highlighted = keys;
    for (const layer of this.layers) layer.highlight(keys);
  }

  clear(): void {
    this.shown = undefined;
    this.draw();
  }

  dispose(): void {
    this.clear();
    this.layout.unsubscribe();
  }

  private draw(): void {
    for (const layer of this.layers) layer.remove();
    const { shown } = this;
    if (!shown || shown.regions.length === 0) {
      this.layers = [];
      return;
    }
    this.layers = viewportsWith(this.services, shown.displaySet.displaySetInstanceUID).map(
      viewport => new ViewportOutlines(viewport, shown.regions, this.highlighted)
    );
  }
}

/** The outlines of one viewport. */
class ViewportOutlines {
  private readonly root = document.createElementNS(SVG, 'svg');
  /** Where the plane was when the outlines were cut. */
  private plane = '';
  private cut: { readonly region: OutlinedRegion; readonly loops: Vec3[][]; readonly lines: SVGPathElement[] }[] = [];

  constructor(
    private readonly viewport: CornerstoneViewport,
    private readonly regions: readonly OutlinedRegion[],
    private highlighted: readonly (CandidateKey | undefined)[]
  ) {
    this.root.setAttribute('aria-hidden', 'true');
    this.root.dataset.cy = 'candidate-outlines';
    Object.assign(this.root.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
    Object.assign(this.root.style, { pointerEvents: 'none', overflow: 'hidden', zIndex: '4' });
    viewport.element.append(this.root);
    viewport.element.addEventListener(RENDERED, this.place);
    this.place();
  }

  remove(): void {
    this.viewport.element.removeEventListener(RENDERED, this.place);
    this.root.remove();
  }

  highlight(keys: readonly (CandidateKey | undefined)[]): void {
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
    for (const { loops, lines } of this.cut) {
      const path = loops.map(loop => this.path(loop)).join('');
      for (const line of lines) line.setAttribute('d', path);
    }
  };

  /** Only another slice needs new outlines; panning and zooming moves them. */
  private slice(plane: { point: Vec3; normal: Vec3 }): void {
    this.cut = this.regions.flatMap(region => {
      const loops = crossSection(region.frame, region.mask, plane);
      return loops.length > 0 ? [{ region, loops, lines: [line(), line()] }] : [];
    });
    this.root.replaceChildren(...this.cut.flatMap(({ lines }) => lines));
    for (const { region, lines } of this.cut) this.paint(region, lines);
  }

  private paint({ key, kind, kept }: OutlinedRegion, [casing, coloured]: SVGPathElement[]): void {
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

  private path(loop: readonly Vec3[]): string {
    const points = loop.map(lps =>
      this.viewport
        .worldToCanvas([...lps])
        .map(value => value.toFixed(1))
        .join(' ')
    );
    return `M${points.join('L')}Z`;
  }
}

function line(): SVGPathElement {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('fill', 'none');
  return path;
}
