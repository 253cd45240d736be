/** Progress of a study on stderr: one rewritten line on a terminal, one line per ten per cent in a log. */
import type { Progress } from '@spine/core';

export function progressPrinter(stream: NodeJS.WriteStream = process.stderr): (progress: Progress) => void {
  const started = Date.now();
  const stepPercent = stream.isTTY ? 1 : 10;
  let shown = '';
  return ({ evaluationsDone, evaluationsPlanned, vertebra, slice, sliceCount }) => {
    const percent = Math.floor((100 * evaluationsDone) / Math.max(1, evaluationsPlanned));
    const key = `${vertebra} ${Math.floor(percent / stepPercent)}`;
    if (key === shown || evaluationsDone === 0) return;
    shown = key;
    const secondsLeft = ((Date.now() - started) / 1000) * (evaluationsPlanned / evaluationsDone - 1);
    const line = `${percent} %  ${vertebra} slice ${slice + 1}/${sliceCount}  ${evaluationsDone}/${evaluationsPlanned} evaluations  about ${duration(secondsLeft)} left`;
    stream.write(stream.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
