/** Counts network evaluations and screened slices, and foresees how many are left. */
import type { VertebraLevel } from '../types';
import { expectedEvaluations, type ExpectedMethod } from './expectedTime';
import type { Progress } from './types';

/** Share of screened slices assumed to be suspicious: between that of a healthy spine and that of an ill one. */
export const TYPICAL_SUSPICIOUS = 0.3;
/** The assumed share counts as much as this many slices that were screened: about one vertebra's. */
const ASSUMED_SLICES = 20;

/**
 * One meter a study. A slice costs a screening, and evaluations only when it is searched: before a vertebra is screened, its slices
 * count with the share that is to be searched in the vertebrae before it; once all were screened the plan counts what is suspicious.
 */
export class ProgressMeter {
  private evaluations = 0;
  private slicesScreened = 0;
  private slicesSearched = 0;
  /** Of the vertebra at work, not screened yet. */
  private unscreened = 0;
  /** To be searched still: in all vertebrae that were screened, and in the one at work. */
  private toSearch = 0;
  private own = 0;
  private finishedSlices = 0;
  private finishedEvaluations = 0;
  /** Slices at work side by side, and their evaluations. */
  private atWork = 1;
  private sliceDone = 0;
  private slicePlan: number | undefined;
  private at = { vertebra: '' as VertebraLevel, slice: 0, lastSlice: 0, sliceCount: 0 };
  private readonly edit: number;
  private readonly typical: number;

  /**
   * @param slicesPlanned over all vertebrae
   * @param assumedShare of them that will be searched, as long as none was screened; 1 when every slice is searched
   */
  constructor(
    method: ExpectedMethod,
    private readonly slicesPlanned: number,
    private readonly assumedShare: number,
    private readonly onProgress?: (progress: Progress) => void
  ) {
    this.edit = method.sampler.editEvaluations;
    this.typical = expectedEvaluations(method);
  }

  startVertebra(vertebra: VertebraLevel, slices: number): void {
    this.at = { vertebra, slice: 0, lastSlice: 0, sliceCount: slices };
    this.unscreened = slices;
    this.emit();
  }

  /** The vertebra's slices were screened or excluded. @param searched of them that are analysed next */
  screened(searched: number): void {
    this.slicesScreened += this.unscreened;
    this.slicesSearched += searched;
    this.unscreened = 0;
    this.toSearch += searched;
    this.emit();
  }

  /** The search of a vertebra that was screened before begins. */
  searchVertebra(vertebra: VertebraLevel, slices: number): void {
    this.own = slices;
    if (slices === 0) return;
    this.at = { vertebra, slice: 0, lastSlice: 0, sliceCount: slices };
    this.emit();
  }

  /** So many more slices of the vertebra at work are searched than its screening said. */
  moreSlices(slices: number): void {
    this.toSearch += slices;
    this.own += slices;
    this.emit();
  }

  /** @param together how many begin, this one and those behind it */
  startSlice(slice: number, sliceCount: number, together = 1): void {
    this.at = { ...this.at, slice, lastSlice: slice + together - 1, sliceCount };
    this.atWork = together;
    this.sliceDone = 0;
    this.slicePlan = undefined;
    this.emit();
  }

  /** The slices at work will take this many evaluations; their healthy edits alone are no plan yet. */
  plan(evaluations: number): void {
    if (evaluations > this.atWork * this.edit) this.slicePlan = evaluations;
    this.emit();
  }

  add(count: number): void {
    this.evaluations += count;
    this.sliceDone += count;
    this.emit();
  }

  /** Whatever is at work is finished. */
  finishSlice(): void {
    this.finishedSlices += this.atWork;
    this.finishedEvaluations += this.sliceDone;
    this.sliceDone = 0;
    this.slicePlan = undefined;
    this.toSearch -= this.atWork;
    this.own -= this.atWork;
    this.emit();
  }

  /** Whether it is finished or failed half-way: nothing more is expected of it. */
  endVertebra(): void {
    this.slicesScreened += this.unscreened;
    this.toSearch -= this.own;
    this.unscreened = this.own = this.sliceDone = 0;
    this.emit();
  }

  private emit(): void {
    const { evaluations, slicesScreened, slicesPlanned, at } = this;
    const counts = { evaluationsDone: evaluations, evaluationsPlanned: this.planned() };
    this.onProgress?.({ ...counts, slicesScreened, slicesPlanned, ...at });
  }

  private planned(): number {
    const expected = this.finishedSlices ? this.finishedEvaluations / this.finishedSlices : this.typical;
    const share = (this.slicesSearched + ASSUMED_SLICES * this.assumedShare) / (this.slicesScreened + ASSUMED_SLICES);
    const later = (this.slicesPlanned - this.slicesScreened) * share * expected;
    const atWork = Math.min(this.atWork, this.toSearch);
    const current = Math.max(this.slicePlan ?? atWork * expected, this.sliceDone) - this.sliceDone;
    return Math.round(this.evaluations + (atWork > 0 ? current + (this.toSearch - atWork) * expected : 0) + later);
  }
}
