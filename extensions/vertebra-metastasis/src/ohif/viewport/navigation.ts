/** Where the viewports look: through a point, close to one body, or at the whole as before. */
import type { Vec3 } from '../../core';
import { text } from '../../dicom';
import type { CornerstoneViewport, DisplaySet, HostServices } from '../host/host';
import { isOfOpenStudy } from '../host/openStudies';

export interface NavigationPort {
  /** Moves every viewport that shows the CT to the slice through a point. @param lps mm */
  goTo(lps: Vec3): void;
  /**
   * The same with the point in the middle, a body filling the view.
   * @param corners of the body's box, LPS mm
   */
  closeUp(lps: Vec3, corners: readonly Vec3[]): void;
  /** Back to what was seen before the first close-up. */
  overview(): void;
}

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService' | 'displaySetService'>;
type Camera = Required<Pick<ReturnType<CornerstoneViewport['getCamera']>, 'focalPoint' | 'position' | 'parallelScale'>>;

/** So much is seen of what the body takes up: about one and a half body heights. */
const VIEW_PER_BODY = 1.5;
/** A movement shows where the place lies; a longer one keeps people waiting, ms. */
const GLIDE_MS = 160;

export class Navigation implements NavigationPort {
  private readonly before = new Map<string, Camera>();
  private glide = 0;

  /** @param ct display set that the points belong to; by default any of the open studies */
  constructor(
    private readonly services: Services,
    private readonly ct: () => string | undefined
  ) {}

  goTo(lps: Vec3): void {
    this.stop();
    for (const viewport of this.viewports()) {
      viewport.jumpToWorld?.([...lps]);
      viewport.render();
    }
  }

  closeUp(lps: Vec3, corners: readonly Vec3[]): void {
    this.stop();
    const moves = this.viewports().flatMap(viewport => {
      const overview = cameraOf(viewport);
      if (overview && !this.before.has(viewport.id)) this.before.set(viewport.id, overview);
      viewport.jumpToWorld?.([...lps]);
      const start = cameraOf(viewport);
      const target = start && closeUpOf(viewport, start, lps, corners);
      return start && target ? [{ viewport, start, target }] : [];
    });
    this.move(moves);
  }

  overview(): void {
    this.stop();
    const moves = this.viewports().flatMap(viewport => {
      const [start, target] = [cameraOf(viewport), this.before.get(viewport.id)];
      return start && target ? [{ viewport, start, target }] : [];
    });
    this.before.clear();
    this.move(moves);
  }

  private stop(): void {
    cancelAnimationFrame(this.glide);
  }

  private move(moves: readonly { viewport: CornerstoneViewport; start: Camera; target: Camera }[]): void {
    const began = performance.now();
    const step = () => {
      const share = isStill() ? 1 : Math.min(1, (performance.now() - began) / GLIDE_MS);
      for (const { viewport, start, target } of moves) {
        viewport.setCamera?.(share < 1 ? between(start, target, share * (2 - share)) : copyOf(target));
        viewport.render();
      }
      if (share < 1) this.glide = requestAnimationFrame(step);
    };
    step();
  }

  private viewports(): CornerstoneViewport[] {
    const { viewportGridService, cornerstoneViewportService, displaySetService } = this.services;
    const ct = this.ct();
    const own = ct ? displaySetService.getDisplaySetByUID(ct) : undefined;
    return [...viewportGridService.getState().viewports].flatMap(([viewportId, { displaySetInstanceUIDs }]) => {
      const sets = displaySetInstanceUIDs.flatMap(uid => displaySetService.getDisplaySetByUID(uid) ?? []);
      // A point of this scan means nothing in another study.
      if (!sets.every(set => isOfOpenStudy(set) && (!own || inSameSpace(set, own)))) return [];
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      return viewport?.jumpToWorld ? [viewport] : [];
    });
  }
}

function cameraOf(viewport: CornerstoneViewport): Camera | undefined {
  const { focalPoint, position, parallelScale } = viewport.getCamera();
  return focalPoint && position && parallelScale ? copyOf({ focalPoint, position, parallelScale }) : undefined;
}

/** The slice stays; the point comes into the middle, and the body fills the view. */
export function closeUpOf(
  viewport: Pick<CornerstoneViewport, 'getCamera' | 'worldToCanvas' | 'canvas'>,
  { focalPoint, position, parallelScale }: Camera,
  lps: Vec3,
  corners: readonly Vec3[]
): Camera {
  const { viewPlaneNormal: normal = [0, 0, 1] } = viewport.getCamera();
  const away = lps.map((mm, axis) => mm - focalPoint[axis]);
  const depth = away.reduce((sum, mm, axis) => sum + mm * normal[axis], 0);
  const moved = (from: Vec3): Vec3 => {
    const at = (axis: 0 | 1 | 2) => from[axis] + away[axis] - depth * normal[axis];
    return [at(0), at(1), at(2)];
  };
  const points = corners.map(corner => viewport.worldToCanvas([...corner]));
  const span = (axis: 0 | 1) => {
    const values = points.map(point => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  const { clientWidth: width, clientHeight: height } = viewport.canvas;
  const seen = Math.max(span(1) / height, span(0) / width);
  const scale = parallelScale * VIEW_PER_BODY * seen;
  const fits = Number.isFinite(scale) && scale > 0;
  return { focalPoint: moved(focalPoint), position: moved(position), parallelScale: fits ? scale : parallelScale };
}

/** cornerstone takes arrays of its own. */
const copyOf = ({ focalPoint, position, parallelScale }: Camera) => ({
  focalPoint: [...focalPoint] as [number, number, number],
  position: [...position] as [number, number, number],
  parallelScale,
});

function between(a: Camera, b: Camera, share: number) {
  const mix = (from: Vec3, to: Vec3) =>
    from.map((value, axis) => value + share * (to[axis] - value)) as [number, number, number];
  return {
    focalPoint: mix(a.focalPoint, b.focalPoint),
    position: mix(a.position, b.position),
    parallelScale: a.parallelScale * (b.parallelScale / a.parallelScale) ** share,
  };
}

/** Who asked the system for less motion gets none. */
const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** One study, and one frame of reference: series of one study may have been scanned apart. */
function inSameSpace(a: DisplaySet, b: DisplaySet): boolean {
  const [one, other] = [a, b].map(({ instances, instance }) =>
    text(instances?.[0] ?? instance ?? {}, 'FrameOfReferenceUID')
  );
  return a.StudyInstanceUID === b.StudyInstanceUID && (one === other || one === '' || other === '');
}
