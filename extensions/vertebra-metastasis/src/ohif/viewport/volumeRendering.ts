/** How the viewer's 3-D viewports draw the CT: bone like clear glass, and the lesions inside it in the colours of their kinds. */
import { KIND_COLOURS, LESION_3D_KINDS, type Lesion3dKind } from '../../core';
import { newUid } from '../../dicom';
import type { CornerstoneLibraries, CornerstoneViewport, HostServices, RenderingPreset } from '../host/host';
import { type KindBlock, kindBlocks } from './kindBlocks';
import type { LesionMap } from '../segmentation/lesionMap';
import type { SegmentationAdapter } from '../segmentation/segmentationAdapter';

const LIGHT = { ambient: '0.2', diffuse: '0.9', specular: '0.2', specularPower: '10', shade: '1', interpolation: '1' };

/**
 * Attenuations in HU, as cornerstone writes transfer functions: how many numbers follow, then each value with its opacity or its colour.
 * cornerstone moves the values so that their range has its middle at 0: this range has it there.
 */
export const SPINE_PRESET: RenderingPreset = {
  name: 'CT-Spine-Lesions',
  scalarOpacity: '12 -3000 0 130 0 220 0.03 450 0.12 1200 0.3 3000 0.3',
  colorTransfer: '20 -3000 0 0 0 130 0.78 0.68 0.5 450 0.93 0.87 0.74 1200 1 0.98 0.92 3000 1 1 1',
  // The inside of bone is as good as empty: its surfaces are drawn.
  gradientOpacity: '4 20 0.1 250 1',
  ...LIGHT,
};

/** What the host's 3-D layouts ask for. It shows soft tissue as an opaque red block, in which a lesion cannot be seen. */
const HOST_PRESET = 'CT-Bone';

/** A block of one kind: 0 outside, INSIDE in its lesions, one colour throughout. */
export const INSIDE = 1000;
export function kindPreset(kind: Lesion3dKind): RenderingPreset {
  const colour = KIND_COLOURS[kind].map(part => (part / 255).toFixed(3)).join(' ');
  return {
    name: `Spine-${kind}`,
    scalarOpacity: '8 -3000 0 400 0 600 0.8 3000 0.8',
    colorTransfer: `8 -3000 ${colour} 3000 ${colour}`,
    gradientOpacity: '4 0 1 255 1',
    ...LIGHT,
  };
}

/** Changes come in bursts, ms. */
const SETTLE_MS = 400;

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService' | 'segmentationService'>;

/**
 * Offers the preset among the viewer's own, begins with it in every 3-D layout, and adds the lesions as they are drawn now. They are volumes
 * of their own: the host's surfaces are computed by a program that a strict content security policy forbids.
 */
export class VolumeRendering {
  private readonly subscriptions: { unsubscribe(): void }[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** One drawing after the other: each removes what the one before has added. */
  private drawing = Promise.resolve();
  private disposed = false;
  /** Volumes added to viewports. */
  private added: { viewport: CornerstoneViewport; volumeId: string; actorUID: string }[] = [];

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries,
    private readonly lesions: Pick<SegmentationAdapter<LesionMap>, 'drawn'>
  ) {
    const { cornerstoneViewportService: viewports, segmentationService: segmentations } = services;
    const { SEGMENTATION_DATA_MODIFIED, SEGMENTATION_REMOVED } = segmentations.EVENTS;
    this.presets.push(SPINE_PRESET);
    this.subscriptions = [
      viewports.subscribe(viewports.EVENTS.VIEWPORT_VOLUMES_CHANGED, () => this.later()),
      segmentations.subscribe(SEGMENTATION_DATA_MODIFIED, () => this.later()),
      segmentations.subscribe(SEGMENTATION_REMOVED, () => this.later()),
    ];
  }

  /** Leaves the viewer as it was. */
  dispose(): void {
    clearTimeout(this.timer);
    this.disposed = true;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    const at = this.presets.indexOf(SPINE_PRESET);
    if (at >= 0) this.presets.splice(at, 1);
    this.remove();
  }

  private get presets(): RenderingPreset[] {
    return this.libraries().cornerstone.CONSTANTS.VIEWPORT_PRESETS;
  }

  /** The host sets its own preset a turn after the volumes. */
  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // A picture besides: whatever fails in it, the review goes on.
      this.drawing = this.drawing
        .then(() => this.draw())
        .catch((error: unknown) => console.warn('The lesions could not be drawn in 3-D.', error));
    }, SETTLE_MS);
  }

  private async draw(): Promise<void> {
    if (this.disposed) return;
    this.remove();
    // Voxels are copied for those who see them.
    const shown = this.viewports().length > 0 ? this.lesions.drawn() : undefined;
    const viewports = this.viewports(shown?.displaySet.displaySetInstanceUID);
    const kindOf = new Map(shown?.map.segments.map(({ index, kind }) => [index, kind] as const));
    const blocks = shown && viewports.length > 0 ? kindBlocks(shown.labelmap, kindOf, INSIDE) : [];
    for (const viewport of viewports) {
      // What a person chose stays.
      if (viewport.getProperties?.().preset === HOST_PRESET) viewport.setProperties?.({ preset: SPINE_PRESET });
      // After the bone: what is drawn last is seen through it.
      for (const block of [...blocks].sort((a, b) => order(a) - order(b))) await this.add(viewport, block);
      viewport.render();
    }
  }

  private async add(viewport: CornerstoneViewport, block: KindBlock): Promise<void> {
    const { cornerstone } = this.libraries();
    const { kind, dims, spacingMm, directions, originLps, values } = block;
    const [volumeId, actorUID] = [`spine-${kind}-${newUid()}`, newUid()];
    cornerstone.volumeLoader.createLocalVolume(volumeId, {
      metadata: {
        FrameOfReferenceUID: viewport.getFrameOfReferenceUID?.(),
        Modality: 'CT',
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 1,
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
        ImageOrientationPatient: directions.slice(0, 6),
        PixelSpacing: [spacingMm[1], spacingMm[0]],
        Columns: dims[0],
        Rows: dims[1],
        voiLut: [],
        VOILUTFunction: 'LINEAR',
      },
      dimensions: dims,
      spacing: spacingMm,
      origin: originLps,
      direction: directions,
      scalarData: values,
    });
    this.added.push({ viewport, volumeId, actorUID });
    await viewport.addVolumes?.([{ volumeId, actorUID, visibility: true }]);
    // The mode was left meanwhile.
    if (this.disposed) return this.remove();
    viewport.setProperties?.({ preset: kindPreset(kind) }, volumeId);
  }

  private remove(): void {
    const { cache } = this.libraries().cornerstone;
    for (const { viewport, volumeId, actorUID } of this.added.splice(0)) {
      // A layout that was left has taken its viewports along.
      if (!viewport.isDisabled) viewport.removeVolumeActors?.([actorUID]);
      const own = cache.getVolumes().find(one => one.volumeId === volumeId);
      if (!own) continue;
      cache.removeVolumeLoadObject(volumeId);
      for (const imageId of own.imageIds)
        if (cache.getImage(imageId)) cache.removeImageLoadObject(imageId, { force: true });
    }
  }

  /** 3-D viewports; of a display set where one is given. */
  private viewports(displaySetInstanceUID?: string): CornerstoneViewport[] {
    const { viewportGridService, cornerstoneViewportService } = this.services;
    return [...viewportGridService.getState().viewports].flatMap(([id, { displaySetInstanceUIDs }]) => {
      if (displaySetInstanceUID && !displaySetInstanceUIDs?.includes(displaySetInstanceUID)) return [];
      const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
      return viewport?.type === 'volume3d' ? [viewport] : [];
    });
  }
}

const order = ({ kind }: KindBlock): number => LESION_3D_KINDS.indexOf(kind);
