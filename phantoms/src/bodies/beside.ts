/** Places of real CT that are no vertebral body: other bones, vessels, organs, lung. They teach the network to say so. */
import { join } from 'node:path';
import { ctSeries, ctVolume, storedPixels } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import { readNiftiVolume } from '@spine/headless/nifti';
import { sampleField, type Field } from '../math/grid';
import type { Point } from '../math/pose';
import { randomStream, type Random } from '../math/random';
import { fieldOf, insideField } from '../real/field';
import { BLOCK } from './block';

/** Beyond the CT, in the blocks. */
const OUTSIDE_HU = -32768;
/** Around the spine's axis nothing is taken: bodies, arches and their processes. mm to the side, to anterior, to posterior */
const SPINE_MM = { side: 42, front: 36, back: 42 } as const;
/** Most of the air is left out: it is easy. */
const AIR_HU = -300;
const AIR_SHARE = 0.15;
const LEAST_KNOWN = 0.5;

interface Source {
  readonly id: string;
  readonly read: (folder: string) => Promise<Field>;
  /** Points of the spine's axis, LPS mm. */
  readonly axis: readonly Point[];
}

/** Patients whose vertebrae are in no test of the network. */
const SOURCES: readonly Source[] = [
  {
    id: 'crlm-1006',
    read: folder => Promise.resolve(fieldOf(ctVolume(ctSeries(readDicom(folder)), storedPixels))),
    axis: [
      [19, 93, -154],
      [19, 91, -205],
      [17, 80, -265],
      [17, 64, -330],
      [17, 60, -362],
    ],
  },
  {
    id: 'totalsegmentator-thoracic',
    read: async folder => fieldOf(await readNiftiVolume(join(folder, 'ct.nii.gz'))),
    axis: [
      [-5.7, -110.9, 740.5],
      [-5.7, -104.2, 685],
      [-2.7, -103.4, 617.5],
      [-4.2, -107.9, 570.2],
    ],
  },
];

export interface BesideBlock {
  readonly name: string;
  readonly hu: Int16Array;
}

/** Blocks around random places beside the spine, `count` of each source. @param folder of real CT */
export async function* besideBlocks(folder: string, seed: number, count: number): AsyncGenerator<BesideBlock> {
  for (const { id, read, axis } of SOURCES) {
    const ct = await read(join(folder, id));
    const random = randomStream(`beside/${seed}/${id}`);
    for (let made = 0; made < count; ) {
      const hu = blockAt(ct, drawPlace(ct, axis, random), random);
      if (!hu) continue;
      yield { name: `beside-${id}-${String(made).padStart(4, '0')}`, hu };
      made++;
    }
  }
}

function drawPlace({ origin, dims, spacing }: Field, axis: readonly Point[], random: Random): Point {
  for (;;) {
    const place = origin.map((value, a) => value + random.next() * (dims[a] - 1) * spacing[a]);
    const nearest = [...axis].sort((p, q) => Math.abs(p[2] - place[2]) - Math.abs(q[2] - place[2]))[0];
    const [side, back] = [place[0] - nearest[0], place[1] - nearest[1]];
    if (Math.abs(side) < SPINE_MM.side && back > -SPINE_MM.front && back < SPINE_MM.back) continue;
    return [place[0], place[1], place[2]];
  }
}

/** Undefined for most places in air, and for those too near the CT's border. */
function blockAt(ct: Field, [x, y, z]: Point, random: Random): Int16Array | undefined {
  if (sampleField(ct, x, y, z) < AIR_HU && !random.chance(AIR_SHARE)) return undefined;
  const [nx, ny, nz] = BLOCK.dims;
  const hu = new Int16Array(nx * ny * nz).fill(OUTSIDE_HU);
  let known = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const at = [x + i - (nx - 1) / 2, y + j - (ny - 1) / 2, z + k - (nz - 1) / 2] as const;
        if (!insideField(ct, ...at)) continue;
        hu[n] = Math.round(sampleField(ct, ...at));
        known++;
      }
  return known < LEAST_KNOWN * hu.length ? undefined : hu;
}
