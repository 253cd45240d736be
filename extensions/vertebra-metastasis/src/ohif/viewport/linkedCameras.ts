/** Two viewports on two scans that show the same anatomy: where one goes, the other follows. */
import { applyAffine, invert, type LevelAlignment, type Vec3 } from '../../core';
import type { CornerstoneViewport } from '../host/host';

const CAMERA_MODIFIED = 'CORNERSTONE_CAMERA_MODIFIED';
/** Smaller movements are rounding, mm; smaller zooms as well. */
const STILL_MM = 0.01;

/**
 * Moves a viewport so that a point is in its middle, direction kept.
 * @param lps mm @param parallelScale half the height of what is seen, mm; default: zoom kept
 */
export function centreOn(viewport: CornerstoneViewport, lps: Vec3, parallelScale?: number): void {
  const camera = viewport.getCamera?.();
  if (!camera?.focalPoint || !camera.position || !viewport.setCamera) return;
  const { focalPoint, position } = camera;
  const moved = position.map((value, axis) => value + lps[axis] - focalPoint[axis]);
  viewport.setCamera({
    focalPoint: [...lps],
    position: [moved[0], moved[1], moved[2]],
    ...(parallelScale === undefined ? {} : { parallelScale }),
  });
  viewport.render();
}

/**
 * Scrolling, panning and zooming in one moves the other.
 * @param alignments current scan -> prior scan, by level; the nearest level's is used
 * @returns a function that unlinks
 */
export function linkCameras(
  current: CornerstoneViewport,
  prior: CornerstoneViewport,
  alignments: readonly LevelAlignment[]
): () => void {
  if (alignments.length === 0) return () => undefined;
  let following = false;
  let last: { readonly focal: Vec3; readonly scale?: number } | undefined;
  const follow = (from: CornerstoneViewport, to: CornerstoneViewport, map: (point: Vec3) => Vec3) => () => {
    const { focalPoint: focal, parallelScale: scale } = from.getCamera?.() ?? {};
    if (following || !focal) return;
    if (last && distance(last.focal, focal) < STILL_MM && Math.abs((last.scale ?? 0) - (scale ?? 0)) < STILL_MM) return;
    last = { focal: [...focal], scale };
    following = true;
    try {
      centreOn(to, map(focal), scale);
    } finally {
      following = false;
    }
  };
  const forwards = follow(current, prior, point => applyAffine(nearest(alignments, point).transform, point));
  const backwards = follow(prior, current, point =>
    applyAffine(invert(nearestPrior(alignments, point).transform), point)
  );
  current.element?.addEventListener(CAMERA_MODIFIED, forwards);
  prior.element?.addEventListener(CAMERA_MODIFIED, backwards);
  forwards();
  return () => {
    current.element?.removeEventListener(CAMERA_MODIFIED, forwards);
    prior.element?.removeEventListener(CAMERA_MODIFIED, backwards);
  };
}

const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The alignment of the vertebra nearest to a point of the current scan. @param alignments at least one */
export function nearest(alignments: readonly LevelAlignment[], point: Vec3): LevelAlignment {
  return best(alignments, ({ centreLps }) => distance(centreLps, point));
}

/** The same for a point of the prior scan. */
function nearestPrior(alignments: readonly LevelAlignment[], point: Vec3): LevelAlignment {
  return best(alignments, ({ centreLps, transform }) => distance(applyAffine(transform, centreLps), point));
}

function best(alignments: readonly LevelAlignment[], far: (one: LevelAlignment) => number): LevelAlignment {
  return alignments.reduce((a, b) => (far(b) < far(a) ? b : a));
}
