/** What work costs, told as a ratio within one run: machines are shared, and seconds of one say nothing about another. */

/** Additions of a plain loop that are one unit of effort; less than 0.1 s of a processor at rest. */
const ADDITIONS = 3e7;

function loop(): number {
  let sum = 0;
  for (let n = 0; n < ADDITIONS; n++) sum += n % 7;
  return sum;
}

/** Processor seconds of this process while `work` runs; not of the clock, which other processes share. */
async function processorSeconds(work: () => unknown): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

let unit: number | undefined;

/**
 * Processor time of `work` in units of a plain loop, which is run once for all work and again after work that took long; the slower
 * of the two counts, so that a neighbour who comes in between does not decide. A bound should be far above what the work takes and far below
 * what it would take without the limit under test.
 */
export async function effort(work: () => unknown): Promise<number> {
  unit ??= await processorSeconds(loop);
  const seconds = await processorSeconds(work);
  return seconds / (seconds > unit ? Math.max(unit, await processorSeconds(loop)) : unit);
}
