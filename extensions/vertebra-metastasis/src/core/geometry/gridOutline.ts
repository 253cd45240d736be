/** Outlines of cells on a rectangular grid. */

/** Corners of cells: cell (u, v) lies between corners (u, v) and (u + 1, v + 1). */
export type Corner = readonly [u: number, v: number];

/**
 * Closed outlines along the cell edges, the inside on the left when u points right and v up; straight runs are joined and
 * the first corner is not repeated. Cells that touch at a corner only are outlined apart.
 * @param inside is asked within [0, width) x [0, height) only
 */
export function gridOutlines(width: number, height: number, inside: (u: number, v: number) => boolean): Corner[][] {
  const cells = new Uint8Array((width + 2) * (height + 2));
  const cell = (u: number, v: number) => cells[(v + 1) * (width + 2) + u + 1];
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) if (inside(u, v)) cells[(v + 1) * (width + 2) + u + 1] = 1;
  }
  const edges = new Map<number, Edge[]>();
  const add = (u: number, v: number, du: number, dv: number) => {
    const at = v * (width + 1) + u;
    edges.set(at, [...(edges.get(at) ?? []), { u, v, du, dv }]);
  };
  for (let v = 0; v <= height; v++) {
    for (let u = 0; u <= width; u++) {
      if (u < width && cell(u, v) && !cell(u, v - 1)) add(u, v, 1, 0);
      if (u < width && !cell(u, v) && cell(u, v - 1)) add(u + 1, v, -1, 0);
      if (v < height && cell(u - 1, v) && !cell(u, v)) add(u, v, 0, 1);
      if (v < height && !cell(u - 1, v) && cell(u, v)) add(u, v + 1, 0, -1);
    }
  }
  const loops: Corner[][] = [];
  for (const starts of edges.values()) {
    for (let first = starts.pop(); first; first = starts.pop()) loops.push(follow(first, edges, width));
  }
  return loops;
}

interface Edge {
  readonly u: number;
  readonly v: number;
  readonly du: number;
  readonly dv: number;
}

/** Follows the edges from the first until they are back at its start. */
function follow(first: Edge, edges: ReadonlyMap<number, Edge[]>, width: number): Corner[] {
  const loop: Corner[] = [];
  let edge = first;
  do {
    const [u, v] = [edge.u + edge.du, edge.v + edge.dv];
    const { du, dv } = edge;
    const onward = edges.get(v * (width + 1) + u) ?? [];
    // Where two cells touch at a corner, the left turn stays with the own cell.
    const left = onward.findIndex(one => one.du === -dv && one.dv === du);
    const closed = left < 0 && u === first.u && v === first.v;
    edge = closed ? first : onward.splice(Math.max(0, left), 1)[0];
    if (edge.du !== du || edge.dv !== dv) loop.push([u, v]);
  } while (edge !== first);
  return loop;
}
