/** Contact sheets: each body in a sagittal, an axial and a coronal plane; red found, green true, yellow both. */
import { applyAffine, type BodyMask, invert, type Labelmap, type Vec3, type Volume } from '@spine/core';
import { PNG } from 'pngjs';

const SIZE = 110;
const PIXEL_MM = 0.7;
const PER_ROW = 9;
const WINDOW_HU = [-150, 450] as const;

type Inside = (index: Vec3) => boolean;

export class ContactSheet {
  private readonly tiles: Uint8Array[] = [];

  add(volume: Volume, centre: Vec3, mask: BodyMask, truth?: { labelmap: Labelmap; label: number }): void {
    const found: Inside = index => {
      const at = index.map((value, axis) => value - mask.min[axis]);
      const inBox = at.every((value, axis) => value >= 0 && value < mask.dims[axis]);
      return inBox && mask.labels[at[0] + mask.dims[0] * (at[1] + mask.dims[1] * at[2])] === 1;
    };
    const { dims } = volume;
    const known: Inside = ([i, j, k]) =>
      truth !== undefined && truth.labelmap.labels[i + dims[0] * (j + dims[1] * k)] === truth.label;
    for (const plane of PLANES) this.tiles.push(tile(volume, centre, plane, found, known));
  }

  png(): Buffer {
    const png = new PNG({ width: PER_ROW * SIZE, height: Math.max(1, Math.ceil(this.tiles.length / PER_ROW)) * SIZE });
    this.tiles.forEach((rgb, n) => {
      const [left, top] = [(n % PER_ROW) * SIZE, Math.floor(n / PER_ROW) * SIZE];
      for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
        const at = 4 * ((top + Math.floor(pixel / SIZE)) * png.width + left + (pixel % SIZE));
        for (let channel = 0; channel < 3; channel++) png.data[at + channel] = rgb[3 * pixel + channel];
        png.data[at + 3] = 255;
      }
    });
    return PNG.sync.write(png);
  }
}

type Plane = (centre: Vec3, right: number, down: number) => Vec3;
const PLANES: readonly Plane[] = [
  ([x, y, z], right, down) => [x, y + right, z - down],
  ([x, y, z], right, down) => [x + right, y + down, z],
  ([x, y, z], right, down) => [x + right, y, z - down],
];

function tile({ hu, dims, indexToLps }: Volume, centre: Vec3, plane: Plane, found: Inside, known: Inside): Uint8Array {
  const toIndex = invert(indexToLps);
  const rgb = new Uint8Array(3 * SIZE * SIZE);
  const masks = [new Uint8Array(SIZE * SIZE), new Uint8Array(SIZE * SIZE)];
  for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
    const right = ((pixel % SIZE) - SIZE / 2) * PIXEL_MM;
    const down = (Math.floor(pixel / SIZE) - SIZE / 2) * PIXEL_MM;
    const position = applyAffine(toIndex, plane(centre, right, down)).map(Math.round);
    if (position.some((value, axis) => value < 0 || value >= dims[axis])) continue;
    const index: Vec3 = [position[0], position[1], position[2]];
    const value = hu[index[0] + dims[0] * (index[1] + dims[1] * index[2])];
    rgb.fill(
      Math.max(0, Math.min(255, (255 * (value - WINDOW_HU[0])) / (WINDOW_HU[1] - WINDOW_HU[0]))),
      3 * pixel,
      3 * pixel + 3
    );
    masks[0][pixel] = found(index) ? 1 : 0;
    masks[1][pixel] = known(index) ? 1 : 0;
  }
  for (let pixel = SIZE; pixel < SIZE * (SIZE - 1); pixel++) {
    const [red, green] = masks.map(mask => onEdge(mask, pixel));
    if (red || green) rgb.set([red ? 255 : 0, green ? 255 : 0, 0], 3 * pixel);
  }
  return rgb;
}

function onEdge(mask: Uint8Array, pixel: number): boolean {
  return mask[pixel] === 1 && [1, -1, SIZE, -SIZE].some(step => mask[pixel + step] === 0);
}
