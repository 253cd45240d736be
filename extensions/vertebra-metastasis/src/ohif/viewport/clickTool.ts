/**
 * Clicks into the images while the user points at vertebrae. Not a cornerstone tool: it would have to be added to every
 * tool group of the host and the tool that was active before restored in each. Here presses of the main button in a
 * viewport of the CT are taken before the host sees them, so that no brush, measurement or crosshair reacts to them;
 * scrolling, panning, zooming and the layout stay the host's. Another tool chosen in the toolbar ends it.
 */
import { viewportsWith } from './ctViewports';
import type { CornerstoneLibraries, CornerstoneViewport, DisplaySet, HostServices, Subscription } from '../host/host';
import { type Mark, MarkLayer } from './markLayer';

export type { Mark };

type Point = readonly [number, number, number];

export interface ClickListener {
  /** @param lps mm */
  click(lps: Point): void;
  next(direction: 'above' | 'below'): void;
  undo(): void;
  leave(): void;
}

export interface ClickPort {
  /** Takes clicks in all viewports that show this CT, until {@link stop}. */
  start(displaySet: DisplaySet, listener: ClickListener): void;
  mark(marks: readonly Mark[]): void;
  stop(): void;
}

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;

/** A press that moves further, in CSS pixels, is no click. */
const CLICK_PX = 5;
const TOOL_ACTIVATED = 'CORNERSTONE_TOOLS_TOOL_ACTIVATED';
const MOUSE_EVENTS = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick'] as const;

interface Press {
  readonly viewport: CornerstoneViewport;
  readonly x: number;
  readonly y: number;
}

export class ClickTool implements ClickPort {
  private active: { readonly displaySet: DisplaySet; readonly listener: ClickListener } | undefined;
  private press: Press | undefined;
  private readonly marks = new MarkLayer();
  private shown: readonly Mark[] = [];
  private layout: Subscription | undefined;
  private cursor: CSSStyleSheet | undefined;

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries
  ) {}

  start(displaySet: DisplaySet, listener: ClickListener): void {
    this.stop();
    this.active = { displaySet, listener };
    for (const name of MOUSE_EVENTS) window.addEventListener(name, this.onMouse, true);
    window.addEventListener('keydown', this.onKey, true);
    this.libraries().cornerstone.eventTarget.addEventListener(TOOL_ACTIVATED, this.onOtherTool);
    const { cornerstoneViewportService } = this.services;
    this.layout = cornerstoneViewportService.subscribe(cornerstoneViewportService.EVENTS.VIEWPORT_DATA_CHANGED, () =>
      this.draw()
    );
    // A sheet made by script passes a strict style-src; the host sets cursors on the elements themselves.
    this.cursor = new CSSStyleSheet();
    this.cursor.replaceSync('[data-viewport-uid], [data-viewport-uid] * { cursor: crosshair !important; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.cursor];
    this.draw();
  }

  mark(marks: readonly Mark[]): void {
    this.shown = marks;
    this.draw();
  }

  stop(): void {
    if (!this.active) return;
    this.active = this.press = undefined;
    for (const name of MOUSE_EVENTS) window.removeEventListener(name, this.onMouse, true);
    window.removeEventListener('keydown', this.onKey, true);
    this.libraries().cornerstone.eventTarget.removeEventListener(TOOL_ACTIVATED, this.onOtherTool);
    this.layout?.unsubscribe();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(sheet => sheet !== this.cursor);
    this.marks.clear();
  }

  private draw(): void {
    this.marks.show(this.active ? this.viewports() : [], this.active ? this.shown : []);
  }

  private viewports(): CornerstoneViewport[] {
    return this.active ? viewportsWith(this.services, this.active.displaySet.displaySetInstanceUID) : [];
  }

  private readonly onMouse = (event: MouseEvent): void => {
    const viewport = this.viewports().find(({ element }) => element.contains(event.target as Node));
    const ending = event.type === 'mouseup' && this.press;
    if (event.button !== 0 || (!viewport && !ending)) return;
    if (viewport) event.stopImmediatePropagation();
    if (event.type === 'mousedown' && viewport) {
      this.press = { viewport, x: event.clientX, y: event.clientY };
      // The keys belong to the images again, not to a field of the panel.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } else if (ending) {
      const { x, y, viewport: pressed } = ending;
      this.press = undefined;
      if (pressed !== viewport || Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PX) return;
      const { left, top } = pressed.canvas.getBoundingClientRect();
      this.active?.listener.click(pressed.canvasToWorld([x - left, y - top]));
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.target as Element;
    const elsewhere = target.closest(
      'input, textarea, select, button, [contenteditable], [role="listbox"], [role="dialog"]'
    );
    if (event.ctrlKey || event.altKey || event.metaKey || (elsewhere && event.key !== 'Escape')) return;
    if (event.key === 'Escape' && target.closest('[role="listbox"], [role="dialog"]')) return;
    const act = this.actionOf(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  };

  private actionOf(key: string): (() => void) | undefined {
    const { listener } = this.active ?? {};
    if (key === 'Escape') return listener?.leave;
    const keys: Record<string, (() => void) | undefined> = {
      n: () => listener?.next('above'),
      enter: () => listener?.next('above'),
      b: () => listener?.next('below'),
      u: listener?.undo,
    };
    return keys[key.toLowerCase()];
  }

  private readonly onOtherTool = (): void => this.active?.listener.leave();
}
