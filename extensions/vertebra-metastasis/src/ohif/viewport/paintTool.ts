/** The viewer's own brush and eraser, switched on and off from the panel and by keys. */
import type { CornerstoneLibraries, HostContext } from '../host/host';

export interface PaintPort {
  /** Makes it the tool of the main mouse button in every viewport. @param leave called when another tool takes over */
  start(tool: 'brush' | 'eraser', leave: () => void): void;
  /** Back to the window-level tool. */
  stop(): void;
}

const TOOL_NAMES = { brush: 'SphereBrush', eraser: 'SphereEraser' } as const;
/** A ball of 4 mm; the host counts radii. The keys [ and ] change it from there. */
const FIRST_RADIUS_MM = 2;
const REST = 'WindowLevel';
const TOOL_ACTIVATED = 'CORNERSTONE_TOOLS_TOOL_ACTIVATED';

export class PaintTool implements PaintPort {
  private leave: (() => void) | undefined;
  private toolName = '';
  /** The size is the user's own from the first stroke on. */
  private sized = false;

  constructor(
    private readonly host: HostContext,
    private readonly libraries: () => CornerstoneLibraries
  ) {}

  start(tool: 'brush' | 'eraser', leave: () => void): void {
    this.release();
    this.toolName = TOOL_NAMES[tool];
    if (!this.sized) {
      this.sized = true;
      const toolNames = Object.values(TOOL_NAMES);
      this.host.commandsManager.runCommand('setBrushSize', { value: FIRST_RADIUS_MM, toolNames });
    }
    this.activate(this.toolName);
    this.leave = leave;
    this.libraries().cornerstone.eventTarget.addEventListener(TOOL_ACTIVATED, this.onTool);
  }

  stop(): void {
    if (!this.leave) return;
    this.release();
    this.activate(REST);
  }

  /** Hears of no tool any more; the tools stay as they are. */
  release(): void {
    if (!this.leave) return;
    this.leave = undefined;
    this.libraries().cornerstone.eventTarget.removeEventListener(TOOL_ACTIVATED, this.onTool);
  }

  private activate(toolName: string): void {
    this.host.commandsManager.runCommand('setToolActiveToolbar', { toolName });
    const { toolbarService, viewportGridService } = this.host.servicesManager.services;
    toolbarService.refreshToolbarState({ viewportId: viewportGridService.getState().activeViewportId });
  }

  private readonly onTool = (event: Event): void => {
    const { toolName } = (event as CustomEvent<{ toolName?: string }>).detail ?? {};
    if (toolName === this.toolName) return;
    const { leave } = this;
    this.release();
    leave?.();
  };
}
