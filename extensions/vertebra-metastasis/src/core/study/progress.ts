/** Counts network evaluations and foresees how many are left. */
import type { Sampler } from '../method';
import type { VertebraLevel } from '../types';
import type { Progress } from './types';

/** Candidates assumed in a slice before any was analysed; the authors' demo slice has 11, most slices fewer. */
export const TYPICAL_CANDIDATES = 8;

export class ProgressMeter {
  private done = 0;
  private finishedSlices = 0;
  private finishedEvaluations = 0;
  private sliceDone = 0;
  private slicePlan: number | undefined;
  private at = { vertebra: '' as VertebraLevel, slice: 0, sliceCount: 0 };
  private readonly edit: number;
  private readonly typical: number;

  /** @param slicesLeft planned over all vertebrae */
  constructor(
    sampler: Sampler,
    private slicesLeft: number,
    private readonly onProgress?: (progress: Progress) => void
  ) {
    this.edit = sampler.editEvaluations;
    this.typical = this.edit + sampler.roundTripEvaluations(TYPICAL_CANDIDATES);
  }

  startSlice(vertebra: VertebraLevel, slice: number, sliceCount: number): void {
    this.at = { vertebra, slice, sliceCount };
    this.sliceDone = 0;
    this.slicePlan = undefined;
    this.emit();
  }

  /** The slice at work will take this many evaluations; its healthy edit alone is no plan yet. */
  plan(evaluations: number): void {
    if (evaluations > this.edit) this.slicePlan = evaluations;
    this.emit();
  }

  add(count: number): void {
    this.done += count;
    this.sliceDone += count;
    this.emit();
  }

  finishSlice(): void {
    this.finishedSlices++;
    this.finishedEvaluations += this.sliceDone;
    this.drop(1);
  }

  /** Slices that will not be analysed after all. */
  drop(count: number): void {
    this.sliceDone = 0;
    this.slicePlan = undefined;
    this.slicesLeft -= count;
    this.emit();
  }

  /** Corrects the count of slices left, after a vertebra failed half-way. */
  expectSlices(count: number): void {
    this.drop(this.slicesLeft - count);
  }

  private emit(): void {
    this.onProgress?.({ evaluationsDone: this.done, evaluationsPlanned: this.planned(), ...this.at });
  }

  private planned(): number {
    const expected = this.finishedSlices ? this.finishedEvaluations / this.finishedSlices : this.typical;
    const current = Math.max(this.slicePlan ?? expected, this.sliceDone) - this.sliceDone;
    return Math.round(this.done + (this.slicesLeft > 0 ? current + (this.slicesLeft - 1) * expected : 0));
  }
}
