/** Which outline a click means. */
export type CanvasPoint = readonly [number, number];

/** A region as it is drawn in one viewport. */
export interface DrawnRegion {
  readonly key: string;
  /** Closed polygons on the canvas, CSS pixels; holes are polygons, too. */
  readonly loops: readonly (readonly CanvasPoint[])[];
}

/** A click this near to a line means the line: lines are 1-2.5 pixels wide, and a hand is not that steady. */
const REACH_PX = 6;

/**
 * The region whose line is nearest within reach; else the smallest region that holds the point.
 * @returns undefined when the click is about the image
 */
export function pickOutline(regions: readonly DrawnRegion[], point: CanvasPoint): string | undefined {
  const near = regions
    .map(region => ({ region, distance: distanceTo(region, point) }))
    .filter(({ distance }) => distance <= REACH_PX)
    .sort((a, b) => a.distance - b.distance);
  if (near.length > 0) return near[0].region.key;
  const around = regions
    .filter(region => holds(region, point))
    .map(region => ({ region, area: areaOf(region) }))
    .sort((a, b) => a.area - b.area);
  return around[0]?.region.key;
}

function edges({ loops }: DrawnRegion): (readonly [CanvasPoint, CanvasPoint])[] {
  return loops.flatMap(loop => loop.map((from, n) => [from, loop[(n + 1) % loop.length]] as const));
}

function distanceTo(region: DrawnRegion, [x, y]: CanvasPoint): number {
  let nearest = Infinity;
  for (const [[ax, ay], [bx, by]] of edges(region)) {
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const along = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    nearest = Math.min(nearest, Math.hypot(ax + along * dx - x, ay + along * dy - y));
  }
  return nearest;
}

/** Even-odd rule: a hole is outside. */
function holds(region: DrawnRegion, [x, y]: CanvasPoint): boolean {
  const crossed = edges(region).filter(
    ([[ax, ay], [bx, by]]) => ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)
  );
  return crossed.length % 2 === 1;
}

/** Of all loops together, holes counted as well: only an order of size is needed. */
function areaOf({ loops }: DrawnRegion): number {
  const area = (loop: readonly CanvasPoint[]) =>
    loop.reduce((sum, [x, y], n) => {
      const [nextX, nextY] = loop[(n + 1) % loop.length];
      return sum + x * nextY - nextX * y;
    }, 0);
  return loops.reduce((sum, loop) => sum + Math.abs(area(loop)), 0) / 2;
}
