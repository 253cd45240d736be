/** Window, as far as presses of a pointer are concerned. */
type Pointers = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Some time after the last change, but never while a pointer is pressed: a stroke held still half-way is one stroke. */
export class EditPause {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pressed = false;
  private waiting = false;
  /** Presses until now. */
  presses = 0;

  /** @param onPause called once per pause that follows a change */
  constructor(
    private readonly pointers: Pointers,
    private readonly quietMs: number,
    private readonly onPause: () => void
  ) {
    pointers.addEventListener('pointerdown', this.press, true);
    for (const name of RELEASES) pointers.addEventListener(name, this.release, true);
  }

  /** Something was changed. */
  touch(): void {
    this.waiting = true;
    clearTimeout(this.timer);
    if (!this.pressed) this.timer = setTimeout(() => this.end(), this.quietMs);
  }

  /** Forgets changes that were not told yet. */
  cancel(): void {
    this.waiting = false;
    clearTimeout(this.timer);
  }

  dispose(): void {
    this.cancel();
    this.pointers.removeEventListener('pointerdown', this.press, true);
    for (const name of RELEASES) this.pointers.removeEventListener(name, this.release, true);
  }

  private end(): void {
    this.waiting = false;
    this.onPause();
  }

  private readonly press = (): void => {
    this.pressed = true;
    this.presses++;
    clearTimeout(this.timer);
  };

  private readonly release = (event: Event): void => {
    // A release outside the window is not heard of; the next movement shows that no button is pressed.
    if (!this.pressed || (event.type === 'pointermove' && (event as PointerEvent).buttons > 0)) return;
    this.pressed = false;
    if (this.waiting) this.touch();
  };
}

const RELEASES = ['pointerup', 'pointercancel', 'pointermove'] as const;
