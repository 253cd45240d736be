/** Working time of an analysis: the pauses are not in it. */
export class RunClock {
  private worked = 0;
  private since: number | undefined;

  /** Runs from the beginning. @param now milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.since = now();
  }

  get paused(): boolean {
    return this.since === undefined;
  }

  pause(): void {
    this.worked = this.milliseconds();
    this.since = undefined;
  }

  resume(): void {
    this.since ??= this.now();
  }

  milliseconds(): number {
    return this.worked + (this.since === undefined ? 0 : this.now() - this.since);
  }
}
