/** Progress of a study on stderr: one rewritten line on a terminal, one line per vertebra and per ten per cent in a log. */
import { type Progress, TimeLeft, workDone } from '@spine/core';

/**
 * @param now milliseconds
 * @param expectedMs of one evaluation, measured before: with it the time left is said as soon as all is screened
 */
export function progressPrinter(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  now: () => number = Date.now,
  expectedMs?: number
): (progress: Progress) => void {
  const timeLeft = new TimeLeft(now(), expectedMs);
  const stepPercent = stream.isTTY ? 1 : 10;
  let shown = '';
  return progress => {
    const { evaluationsDone, evaluationsPlanned, slicesScreened, slicesPlanned, vertebra, slice, sliceCount } =
      progress;
    const seconds = timeLeft.seconds(progress, now());
    const percent = Math.floor(100 * workDone(progress));
    const key = `${vertebra} ${Math.floor(percent / stepPercent)}`;
    if (key === shown || slicesScreened === 0) return;
    shown = key;
    const left = seconds === undefined ? '' : `  about ${duration(seconds)} left`;
    const counts = `${slicesScreened}/${slicesPlanned} slices screened  ${evaluationsDone}/${evaluationsPlanned} evaluations`;
    const line = `${percent} %  ${vertebra} slice ${slice + 1}/${sliceCount}  ${counts}${left}`;
    stream.write(stream.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  };
}

/** 75 -> "75 s", 600 -> "10 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
