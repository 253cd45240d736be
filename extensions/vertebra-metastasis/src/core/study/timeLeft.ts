/** Time left of an analysis, from the time that its two kinds of work took so far. */
import type { Progress } from './types';

/** Evaluations before a time is foretold: the first ones warm up caches and threads. */
const WARM_UP = 4;
/** Evaluations after which their time is taken for later analyses: those of a slice's edit. */
const MEASURED = 50;

type Counts = Pick<Progress, 'evaluationsDone' | 'evaluationsPlanned' | 'slicesScreened' | 'slicesPlanned'>;

/** Share of the work that is done, 0 to 1: screening a slice is one run of the encoder, about as much as one evaluation. */
export function workDone({ evaluationsDone, evaluationsPlanned, slicesScreened, slicesPlanned }: Counts): number {
  return (evaluationsDone + slicesScreened) / Math.max(1, evaluationsPlanned + slicesPlanned);
}

/**
 * Screening a slice and evaluating the denoiser are timed apart: a healthy spine is nothing but screening, and counted as evaluations it
 * would foretell days.
 */
export class TimeLeft {
  private last = { evaluations: 0, screened: 0, ms: 0 };
  private evaluationMs = 0;
  private timed = 0;
  private screeningMs = 0;

  /**
   * @param ms working time since the start, without pauses
   * @param expectedMs of one evaluation as it was measured before: what is told until enough of this analysis were timed
   */
  constructor(
    ms: number,
    private readonly expectedMs?: number
  ) {
    this.last.ms = ms;
  }

  /** Of one evaluation as this analysis had it; undefined until enough were timed. */
  get measuredMs(): number | undefined {
    return this.timed < MEASURED ? undefined : this.evaluationMs / this.timed;
  }

  /**
   * Call at each progress, in order.
   * @param ms working time since the start, without pauses
   * @returns seconds; undefined until enough evaluations were timed, where nothing was measured before
   */
  seconds(
    { evaluationsDone, evaluationsPlanned, slicesScreened, slicesPlanned }: Counts,
    ms: number
  ): number | undefined {
    const { evaluations, screened } = this.last;
    const spent = ms - this.last.ms;
    this.last = { evaluations: evaluationsDone, screened: slicesScreened, ms };
    if (slicesScreened > screened) this.screeningMs += spent;
    else if (evaluations > 0) {
      this.evaluationMs += spent;
      this.timed += evaluationsDone - evaluations;
    }
    const evaluationsLeft = evaluationsPlanned - evaluationsDone;
    const evaluationMs = this.timed < WARM_UP ? this.expectedMs : this.evaluationMs / this.timed;
    if (evaluationsLeft > 0 && evaluationMs === undefined) return undefined;
    const evaluating = evaluationsLeft > 0 ? evaluationsLeft * evaluationMs! : 0;
    const screening = slicesScreened ? ((slicesPlanned - slicesScreened) * this.screeningMs) / slicesScreened : 0;
    return (evaluating + screening) / 1000;
  }
}
