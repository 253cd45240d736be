import { textures } from '../math/noise';
import type { Point } from '../math/pose';
import type { Random } from '../math/random';
import { ramp, visitBox } from '../math/visit';
import type { Host } from './host';

/** Benign changes that imitate metastases. Their label is healthy. */
export const MIMICS = [
  'schmorl-node',
  'endplate-sclerosis',
  'osteophyte',
  'bone-island',
  'haemangioma',
  'vacuum-disc',
  'vascular-channel',
] as const;
export type Mimic = (typeof MIMICS)[number];

/** Paints one mimic into the host, in place. */
export function paintMimic(random: Random, host: Host, mimic: Mimic): void {
  PAINTERS[mimic](random, host);
}

const PAINTERS: Readonly<Record<Mimic, (random: Random, host: Host) => void>> = {
  'schmorl-node': paintSchmorlNode,
  'endplate-sclerosis': paintEndplateSclerosis,
  osteophyte: paintOsteophyte,
  'bone-island': paintBoneIsland,
  haemangioma: paintHaemangioma,
  'vacuum-disc': paintVacuumDisc,
  'vascular-channel': paintVascularChannel,
};

/** A place along an axis of the body: normal, as shares of its extent, and never outside its middle 70 %. */
function placeAlong(random: Random, mean: number, deviation: number, extentMm: number): number {
  return Math.max(-0.35, Math.min(0.35, random.normal(mean, deviation))) * extentMm;
}

const around = (centre: Point, reach: Point): [Point, Point] => [
  [centre[0] - reach[0], centre[1] - reach[1], centre[2] - reach[2]],
  [centre[0] + reach[0], centre[1] + reach[1], centre[2] + reach[2]],
];

/** Disc material pushed through an endplate: a smooth pit of disc density, open to the disc, with a thin sclerotic wall. */
function paintSchmorlNode(random: Random, host: Host): void {
  const side = random.pick([-1, 1]);
  const radius = random.range(2.2, 5.5);
  const depthMm = random.range(2, Math.min(6.5, host.heightMm * 0.3));
  const centre: Point = [
    placeAlong(random, 0, 0.15, host.widthMm),
    placeAlong(random, 0.05, 0.14, host.depthMm),
    (side * host.heightMm) / 2,
  ];
  const rimMm = random.range(0.6, 1.6);
  const rimHu = random.range(420, 950);
  const { coarse } = textures();
  const offset = random.range(0, 70);
  visitBox(host.hu, host.pose, ...around(centre, [radius + 4, radius + 4, depthMm + 4]), (index, x, y, z) => {
    const u = (x - centre[0]) / radius;
    const v = (y - centre[1]) / radius;
    const into = (side * (centre[2] - z)) / depthMm;
    if (into < -0.5 || host.depth[index] < -0.8) return;
    const q = Math.sqrt(u * u + v * v + into * into) + 0.1 * coarse.at(x * 1.5 + offset, y * 1.5, z * 1.5);
    const distance = (q - 1) * Math.min(radius, depthMm);
    const rim = ramp(rimMm - distance, -0.3, 0.3) * ramp(host.depth[index], -0.3, 0.3);
    const data = host.hu.data;
    data[index] += (Math.max(rimHu, data[index]) - data[index]) * rim * ramp(distance, -0.6, 0);
    data[index] += (host.discHu - data[index]) * ramp(-distance, -0.3, 0.3);
  });
}

/** Degenerative sclerosis: a band or half-dome resting on an endplate, fading into the marrow, widest at the rim. */
function paintEndplateSclerosis(random: Random, host: Host): void {
  const sides = random.chance(0.35) ? [-1, 1] : [random.pick([-1, 1])];
  const { marrow } = textures();
  for (const side of sides) {
    const thickness = random.range(1.5, Math.min(7, host.heightMm * 0.28));
    const added = random.range(120, 480);
    const focus = placeAlong(random, -0.15, 0.3, host.depthMm);
    const spread = random.range(0.25, 0.8) * host.depthMm;
    const lateral = placeAlong(random, 0, 0.2, host.widthMm);
    const spreadX = random.range(0.35, 0.9) * host.widthMm;
    const offset = random.range(0, 70);
    const half = host.heightMm / 2;
    const box: [Point, Point] = [
      [-host.widthMm, -host.depthMm, side > 0 ? 0 : -half - 3],
      [host.widthMm, host.depthMm, side > 0 ? half + 3 : 0],
    ];
    visitBox(host.hu, host.pose, ...box, (index, x, y, z) => {
      if (host.depth[index] <= 0.2) return;
      const place = Math.exp(-(((y - focus) / spread) ** 2) - ((x - lateral) / spreadX) ** 2);
      const reach = thickness * place * (1 + 0.25 * marrow.at(x * 0.6 + offset, y * 0.6, z * 0.6));
      const share = ramp(reach - (half - side * z), -1, 1.2) * place;
      if (share > 0) host.hu.data[index] = Math.min(host.hu.data[index] + added * share, 1500);
    });
  }
}

/** Bony spurs at the anterior or lateral rim, corticated, with marrow inside when large. */
function paintOsteophyte(random: Random, host: Host): void {
  const count = random.integer(1, 3);
  for (let n = 0; n < count; n++) {
    const side = random.pick([-1, 1]);
    const angle = random.normal(0, 0.7);
    const length = random.range(2.5, 6.5);
    const radius = random.range(1.8, 3.2);
    const root: Point = [
      (Math.sin(angle) * host.widthMm * 0.93) / 2,
      (-Math.cos(angle) * host.depthMm * 0.93) / 2,
      side * (host.heightMm / 2 - radius * 0.8),
    ];
    const direction: Point = [Math.sin(angle) * 0.75, -Math.cos(angle) * 0.75, side * 0.66];
    const shellHu = random.range(500, 1000);
    const innerHu = random.range(250, 600);
    visitBox(host.hu, host.pose, ...around(root, [length + 5, length + 5, length + 5]), (index, x, y, z) => {
      const [dx, dy, dz] = [x - root[0], y - root[1], z - root[2]];
      const t = Math.max(0, Math.min(length, dx * direction[0] + dy * direction[1] + dz * direction[2]));
      const distance = Math.hypot(dx - t * direction[0], dy - t * direction[1], dz - t * direction[2]);
      const inside = radius * (1 - (0.55 * t) / length) - distance;
      const share = ramp(inside, -0.3, 0.3);
      if (share <= 0) return;
      const value = innerHu + (shellHu - innerHu) * ramp(0.9 - inside, 0, 0.6);
      host.hu.data[index] += (Math.max(value, host.hu.data[index]) - host.hu.data[index]) * share;
    });
  }
}

/** Enostosis: small, very dense (attenuation above 885 HU, Ulano 2016), sharp, with short spicules along the trabeculae. */
function paintBoneIsland(random: Random, host: Host): void {
  const radius = random.range(1.3, 2.8);
  const length = radius * random.range(1, 1.5);
  const hu = random.range(950, 1350);
  const centre: Point = [
    placeAlong(random, 0, 0.2, host.widthMm),
    placeAlong(random, 0, 0.2, host.depthMm),
    placeAlong(random, 0, 0.2, host.heightMm),
  ];
  const { trabecular } = textures();
  const offset = random.range(0, 30);
  visitBox(host.hu, host.pose, ...around(centre, [radius + 3, radius + 3, length + 3]), (index, x, y, z) => {
    const u = (x - centre[0]) / radius;
    const v = (y - centre[1]) / radius;
    const t = (z - centre[2]) / length;
    const spicule = 0.22 * trabecular.at(x + offset, y + offset, z + offset);
    const share =
      ramp((1 - Math.sqrt(u * u + v * v + t * t) + spicule) * radius, -0.25, 0.25) *
      ramp(host.depth[index] - 0.5, 0, 0.5);
    host.hu.data[index] += (hu - host.hu.data[index]) * share;
  });
}

/** Haemangioma: fat between few thickened vertical trabeculae (polka dots in axial, stripes in sagittal planes). */
function paintHaemangioma(random: Random, host: Host): void {
  const whole = random.chance(0.3);
  const radius = whole ? host.widthMm : random.range(4, Math.min(11, host.heightMm * 0.5));
  const centre: Point = whole
    ? [0, 0, 0]
    : [
        placeAlong(random, 0, 0.12, host.widthMm),
        placeAlong(random, 0, 0.15, host.depthMm),
        placeAlong(random, 0, 0.12, host.heightMm),
      ];
  const pitch = random.range(2.4, 3.8);
  const columnMm = random.range(0.55, 0.95);
  const matrixHu = random.range(-40, 40);
  const columnHu = random.range(380, 750);
  const { coarse } = textures();
  const offset = random.range(0, 70);
  const reach = radius + 2;
  visitBox(host.hu, host.pose, ...around(centre, [reach, reach, reach]), (index, x, y, z) => {
    const edge =
      (radius - Math.hypot(x - centre[0], y - centre[1], z - centre[2])) * 1 + 1.2 * coarse.at(x + offset, y, z);
    const share = ramp(edge, 0, 1) * ramp(host.depth[index] - host.cortexMm, 0, 0.8);
    if (share <= 0) return;
    // Columns on a jittered lattice in the axial plane, wandering slowly along z.
    const wanderX = x + 0.8 * coarse.at(offset + z * 0.3, 3 + y * 0.4, x * 0.2);
    const wanderY = y + 0.8 * coarse.at(7 + z * 0.3, offset + x * 0.4, y * 0.2);
    const dx = wanderX - pitch * Math.round(wanderX / pitch);
    const dy = wanderY - pitch * Math.round(wanderY / pitch);
    const column = ramp(columnMm - Math.hypot(dx, dy), -0.35, 0.35);
    const value = matrixHu + (columnHu - matrixHu) * column;
    host.hu.data[index] += (value - host.hu.data[index]) * share;
  });
}

/** Gas in a degenerated disc: a flat cleft beside the endplate. */
function paintVacuumDisc(random: Random, host: Host): void {
  const side = random.pick([-1, 1]);
  const gap = random.range(1.4, 3);
  const centre: Point = [random.normal(0, 4), random.normal(-2, 4), side * (host.heightMm / 2 + gap)];
  const radii: Point = [random.range(5, 13), random.range(4, 10), random.range(0.7, 1.5)];
  const hu = random.range(-850, -350);
  const { marrow } = textures();
  visitBox(host.hu, host.pose, ...around(centre, [radii[0] + 1, radii[1] + 1, radii[2] + 2]), (index, x, y, z) => {
    const u = (x - centre[0]) / radii[0];
    const v = (y - centre[1]) / radii[1];
    const t = (z - centre[2]) / radii[2];
    const share =
      ramp((1 - Math.sqrt(u * u + v * v + t * t) + 0.15 * marrow.at(x, y, z)) * radii[2], -0.2, 0.3) *
      ramp(-host.depth[index], 0.1, 0.5);
    // Gas lies in the disc, never in bone.
    if (host.hu.data[index] < 250) host.hu.data[index] += (hu - host.hu.data[index]) * share;
  });
}

/** A wide nutrient or basivertebral channel: a tube of blood and fat with thin sclerotic walls, from the posterior wall forwards. */
function paintVascularChannel(random: Random, host: Host): void {
  const radius = random.range(1.2, 2.4);
  const from: Point = [random.normal(0, 1.5), host.depthMm / 2 + 1, random.normal(0, 1.5)];
  const to: Point = [
    placeAlong(random, 0, 0.22, host.widthMm),
    random.range(-0.3, 0.15) * host.depthMm,
    placeAlong(random, 0, 0.08, host.heightMm),
  ];
  const hu = random.range(0, 70);
  const wallHu = random.range(250, 520);
  const v: Point = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const squared = v[0] ** 2 + v[1] ** 2 + v[2] ** 2;
  const low = from.map((value, a) => Math.min(value, to[a]) - radius - 2) as unknown as Point;
  const high = from.map((value, a) => Math.max(value, to[a]) + radius + 2) as unknown as Point;
  visitBox(host.hu, host.pose, low, high, (index, x, y, z) => {
    if (host.depth[index] < -0.3) return;
    const t = Math.max(0, Math.min(1, ((x - from[0]) * v[0] + (y - from[1]) * v[1] + (z - from[2]) * v[2]) / squared));
    const distance = Math.hypot(x - from[0] - t * v[0], y - from[1] - t * v[1], z - from[2] - t * v[2]);
    const depth = radius * (1 - 0.45 * t) - distance;
    const data = host.hu.data;
    const wall = ramp(depth + 0.9, 0, 0.4) * ramp(-depth, -0.3, 0.2);
    data[index] += (Math.max(wallHu, data[index]) - data[index]) * wall * 0.7;
    data[index] += (hu - data[index]) * ramp(depth, -0.3, 0.3);
  });
}
