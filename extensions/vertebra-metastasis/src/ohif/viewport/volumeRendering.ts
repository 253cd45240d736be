/** How the viewer's 3-D viewports draw the CT: bone like clear glass, so that the surfaces of the lesions inside it show their colours. */
import type { CornerstoneLibraries, HostServices, RenderingPreset, Subscription } from '../host/host';

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
  shade: '1',
  ambient: '0.2',
  diffuse: '0.9',
  specular: '0.2',
  specularPower: '10',
  interpolation: '1',
};

/** What the host's 3-D layouts ask for. It shows soft tissue as an opaque red block, in which a lesion cannot be seen. */
const HOST_PRESET = 'CT-Bone';

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;

/** Offers the preset among the viewer's own, and begins with it in every 3-D layout. */
export class VolumeRendering {
  private readonly subscription: Subscription;

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries
  ) {
    const { cornerstoneViewportService } = services;
    this.presets.push(SPINE_PRESET);
    this.subscription = cornerstoneViewportService.subscribe(
      cornerstoneViewportService.EVENTS.VIEWPORT_VOLUMES_CHANGED,
      // The host sets its own preset with the next turn.
      () => void setTimeout(() => this.apply())
    );
  }

  /** Leaves the viewer as it was. */
  dispose(): void {
    this.subscription.unsubscribe();
    const at = this.presets.indexOf(SPINE_PRESET);
    if (at >= 0) this.presets.splice(at, 1);
  }

  private get presets(): RenderingPreset[] {
    return this.libraries().cornerstone.CONSTANTS.VIEWPORT_PRESETS;
  }

  /** What a person chose stays. */
  private apply(): void {
    const { viewportGridService, cornerstoneViewportService } = this.services;
    for (const id of viewportGridService.getState().viewports.keys()) {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
      if (viewport?.type !== 'volume3d' || viewport.getProperties?.().preset !== HOST_PRESET) continue;
      viewport.setProperties?.({ preset: SPINE_PRESET });
      viewport.render();
    }
  }
}
