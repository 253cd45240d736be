import type { Field } from '../math/grid';
import type { Pose } from '../math/pose';

/** A vertebral body that lesions and mimics are painted into: a synthetic scene or a resampled real CT. */
export interface Host {
  /** Attenuation, HU; painted in place. */
  readonly hu: Field;
  /** Signed depth below the body's surface on the same grid, mm; negative outside. */
  readonly depth: Float32Array;
  readonly pose: Pose;
  readonly widthMm: number;
  readonly depthMm: number;
  readonly heightMm: number;
  /** Mean attenuation of this body's marrow space, HU. */
  readonly trabecularHu: number;
  /** Depth over which the wall is cortex, mm. */
  readonly cortexMm: number;
  /** Attenuation of the discs beside it, HU. */
  readonly discHu: number;
}

/** Share of each voxel that belongs to a lesion of a kind, 0..1, on the host's grid. */
export interface LesionWeights {
  readonly lytic: Float32Array;
  readonly blastic: Float32Array;
  /** The dense rim that healing bone draws around a lytic lesion: neither lesion nor mistake. */
  readonly rim: Float32Array;
}

/** Empty weights for a host. */
export function emptyWeights(host: Host): LesionWeights {
  const none = () => new Float32Array(host.hu.data.length);
  return { lytic: none(), blastic: none(), rim: none() };
}
